import { defineCheck, type Evidence, type Finding } from '../check.ts'
import { linesOf } from '../snapshot/lines.ts'
import { judgementsOf } from '../snapshot/lockfile/cover/cover.ts'
import type { Judgement } from '../snapshot/lockfile/cover/judgement.ts'
import type { Snapshot, Unread } from '../snapshot/snapshot.ts'

export const dependenciesLocked = defineCheck({
  id: 'dependencies-locked',
  item: 'pin-dependencies',
  title: 'Dependencies are locked with hashes',
  severity: 'high',
  version: 2,
  rationale:
    'A version range lets every install fetch something else, and even an exact version can be served with other content by whoever controls the registry or the way to it. A lock with hashes makes the package manager refuse what nobody has looked at.',
  remediation:
    'Commit the lockfile of your package manager, with hashes, for each manifest: package-lock.json, uv.lock, `pip-compile --generate-hashes`, go.sum, Cargo.lock, Gemfile.lock with CHECKSUMS, packages.lock.json, gradle/verification-metadata.xml. Exact versions without hashes count half.',
  mapsTo: {
    scorecard: ['Pinned-Dependencies'],
    zizmor: [],
    osps: ['OSPS-QA-02.01'],
    slsa: [],
    cis: ['2.4.2', '3.1.7'],
  },
  references: [],
  reads: ['tree', 'files'],

  run(repo) {
    const judged = judgementsOf(repo)
    const known = judged.filter(judgement => judgement.state !== 'unknown')
    // In a tree that was cut short a lock may stand where nobody looked: its absence proves nothing.
    const partial = repo.unread.some(({ part, path }) => part === 'tree' && path === null)
    return {
      examined: known.length,
      findings: partial
        ? known.filter(isInLock).flatMap(one => findingOf(one, repo))
        : known.flatMap(one => findingOf(one, repo)),
      unread: judged.flatMap(unreadOf),
      notes: known.flatMap(({ note }) => note ?? []),
    }
  },

  example: {
    failing: {
      'requirements.txt': 'flask==3.0.3\nrequests>=2\n',
      'go.mod': 'module example.org/app\n\ngo 1.24\n',
    },
    fixed: {
      'requirements.txt': `flask==3.0.3 \\\n    --hash=sha256:${'34e815dfaa43340d1d15a5c3a02b8476004037eb4840b34910c6e21679d288f3'}\nrequests==2.32.3 \\\n    --hash=sha256:${'70761cfe03c773ceb22aa2f671b4757976145175cdfca038c02654d061d6dcc6'}\n`,
      'go.mod': 'module example.org/app\n\ngo 1.24\n',
    },
  },
})

function findingOf(judgement: Judgement, repo: Snapshot): Finding[] {
  if (judgement.state !== 'locked' && judgement.state !== 'floating') return []
  const evidence = evidenceOf(judgement, repo)
  return [{ message: judgement.message, evidence, ...(judgement.state === 'locked' ? { weight: 0.5 as const } : {}) }]
}

/** A finding at an entry of the lock itself does not rest on something being absent. */
function isInLock(judgement: Judgement): boolean {
  return judgement.state === 'locked' && judgement.path !== judgement.manifest
}

function evidenceOf({ path, line, endLine }: Extract<Judgement, { line: number }>, repo: Snapshot): Evidence {
  const file = repo.files.get(path)
  const last = Math.min(endLine, line + 11)
  return { path, startLine: line, endLine: last, excerpt: file === undefined ? '' : linesOf(file, line, last) }
}

function unreadOf(judgement: Judgement): Unread[] {
  if (judgement.state !== 'unknown') return []
  return [{ part: 'files', path: judgement.path, reason: judgement.reason }]
}
