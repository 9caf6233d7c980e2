/** The packages in use: what an organisation asks when one of them is compromised. */

import { requirementsFiles } from '../snapshot/lockfile/cover/requirements.ts'
import { purlOf } from '../snapshot/lockfile/purl.ts'
import { isLockfile, lockAt } from '../snapshot/lockfile/read.ts'
import { readRequirements } from '../snapshot/manifest/requirements.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** A locked package and the line of its entry. `version` null where it is asked for without an exact one. */
export type PackageInUse = {
  purl: string
  ecosystem: string
  name: string
  version: string | null
  path: string
  line: number
  hashed: boolean
}

/** Everything that the lockfiles fetch from elsewhere, and what requirements files ask for, by path and line. */
export function packagesOf(repo: Snapshot): PackageInUse[] {
  const paths = [...repo.files.keys()].filter(isLockfile).sort()
  const locked = paths.flatMap(path => packagesIn(repo, path))
  return [
    ...locked,
    ...requirementsFiles(repo)
      .filter(({ path }) => !path.endsWith('.in'))
      .flatMap(file => required(file)),
  ]
}

function packagesIn(repo: Snapshot, path: string): PackageInUse[] {
  const read = lockAt(repo, path)
  if (read === null || !read.ok) return []
  const fetched = read.lock.entries.filter(({ source }) => source !== 'path' && source !== 'workspace')
  return fetched.map(({ purl, ecosystem, name, version, line, hashed }) => ({
    purl,
    ecosystem,
    name,
    version: version || null,
    path,
    line,
    hashed,
  }))
}

function required(file: Parameters<typeof readRequirements>[0]): PackageInUse[] {
  return readRequirements(file).requirements.flatMap(({ name, constraint, line, source, exact, hashed }) => {
    if (source !== 'registry') return []
    const version = exact ? constraint.replace(/^=+\s*/, '') : null
    return [
      { purl: purlOf('pypi', name, version ?? ''), ecosystem: 'pypi', name, version, path: file.path, line, hashed },
    ]
  })
}
