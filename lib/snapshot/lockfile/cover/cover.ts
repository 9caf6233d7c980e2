/** How well each manifest of a repository is locked, over all ecosystems. */
import { hugeManifests } from '../../manifest/manifest.ts'
import type { Snapshot } from '../../snapshot.ts'
import { judgeCargo } from './cargo.ts'
import { judgeDotnet } from './dotnet.ts'
import { judgeGo } from './go.ts'
import { judgeGradle } from './gradle.ts'
import type { Judgement } from './judgement.ts'
import { judgeMaven } from './maven.ts'
import { judgeNpm } from './npm.ts'
import { judgeOthers } from './others.ts'
import { judgePython } from './python.ts'
import { judgePhp, judgeRuby } from './ruby-php.ts'

/** One judgement a manifest that asks for something from elsewhere, in the order of their paths. */
export function judgementsOf(repo: Snapshot): Judgement[] {
  const all = [
    judgeNpm,
    judgePython,
    judgeGo,
    judgeCargo,
    judgeRuby,
    judgePhp,
    judgeDotnet,
    judgeMaven,
    judgeGradle,
    judgeOthers,
  ]
  const huge = hugeManifests(repo).map(
    ({ path }): Judgement => ({
      state: 'unknown',
      manifest: path,
      path,
      reason: 'larger than 1 MB, as no manifest is',
    }),
  )
  return [...huge, ...all.flatMap(judge => judge(repo))].sort((a, b) =>
    a.manifest < b.manifest ? -1 : a.manifest > b.manifest ? 1 : 0,
  )
}
