import type { Calendar } from './calendar.ts'
import { hex } from './digest.ts'
import type { PlannedTag } from './git-import.ts'
import type { PlannedCommit } from './history.ts'
import type { RepositoryDescription } from './repository.ts'

type Asset = { name: string; digest: string }

/** A release as the sidecar of a folder of repositories holds it. */
export type DemoRelease = {
  tag: string
  publishedAt: string
  immutable: boolean
  attested: boolean
  assets: Asset[]
}

export type PlannedRelease = { release: DemoRelease; tag: PlannedTag }

/** The releases of a repository, oldest first; signed from the moment its release workflow signs. */
export function planReleases(
  repository: RepositoryDescription,
  commits: readonly PlannedCommit[],
  calendar: Calendar,
): PlannedRelease[] {
  const { releases, name } = repository
  if (!releases) return []
  return releases.weeks.flatMap((week, index) => {
    const date = calendar.pushed(name, week)
    const at = commits.findLastIndex(commit => commit.date <= date)
    const commit = commits[at]
    if (!commit) return []
    const signed = commit.posture.release === 'signed'
    const tag = `v${laterVersion(releases.first, index)}`
    const assets = assetsOf(name, tag, signed, commit.posture.sbom)
    const release = { tag, publishedAt: date.toISOString(), immutable: false, attested: signed, assets }
    return [{ release, tag: { name: tag, commit: at } }]
  })
}

function laterVersion(first: string, index: number): string {
  const [major = '1', minor = '0'] = first.split('.')
  return `${major}.${Number(minor) + index}.0`
}

function assetsOf(name: string, tag: string, signed: boolean, sbom: boolean): Asset[] {
  const names = [
    `${name}-${tag}.tar.gz`,
    'checksums.txt',
    ...(signed ? ['checksums.txt.sigstore.json'] : []),
    ...(sbom ? [`${name}.spdx.json`] : []),
  ]
  return names.map(asset => ({ name: asset, digest: `sha256:${hex(`${name} ${tag} ${asset}`)}` }))
}
