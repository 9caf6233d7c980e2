/** The names that a repository asks npm and PyPI for, directly or by a lock, each once with the first place that says it. */
import { requirementsFiles } from '../lockfile/cover/requirements.ts'
import { isLockfile, lockAt } from '../lockfile/read.ts'
import { manifestFiles } from '../manifest/manifest.ts'
import { readPackageJson } from '../manifest/package-json.ts'
import { isRequirementsPath, pythonName, readRequirements } from '../manifest/requirements.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { jsonOf } from '../workspaces.ts'
import type { NamedEcosystem } from './used-names.ts'

export type NameInUse = { ecosystem: NamedEcosystem; name: string; path: string; line: number }

/** A manifest in which names are looked for. */
export function isNamingManifest(path: string): boolean {
  return /(?:^|\/)package\.json$/.test(path) || isRequirementsPath(path)
}

/** In the order of manifests, then locks. Names that the repository itself has are not asked for elsewhere. */
export function namesAskedFor(repo: Snapshot): NameInUse[] {
  const manifests = manifestFiles(repo, name => name === 'package.json').filter(
    ({ path }) => jsonOf(repo, path) !== null,
  )
  const own = new Set(manifests.map(({ path }) => String(jsonOf(repo, path)?.name)))
  const all = [
    ...manifests.flatMap(fromPackageJson),
    ...requirementsFiles(repo).flatMap(fromRequirements),
    ...fromLocks(repo),
  ]
  const first = new Map<string, NameInUse>()
  for (const one of all) {
    const key = `${one.ecosystem} ${one.name}`
    if (!first.has(key) && !(one.ecosystem === 'npm' && own.has(one.name))) first.set(key, one)
  }
  return [...first.values()]
}

function fromPackageJson(file: SourceFile): NameInUse[] {
  return strictly(() => readPackageJson(file).dependencies).flatMap(({ name, constraint, line, source }) => {
    if (source !== 'registry') return []
    const alias = /^npm:(@?[^@]+)/.exec(constraint)?.[1]
    return [{ ecosystem: 'npm' as const, name: alias ?? name, path: file.path, line }]
  })
}

function strictly<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    // A manifest that is no strict JSON is told by dependencies-locked, and npm cannot read it either.
    return []
  }
}

function fromRequirements(file: SourceFile): NameInUse[] {
  return readRequirements(file).requirements.flatMap(({ name, line, source }) => {
    return source === 'registry' ? [{ ecosystem: 'pypi' as const, name: pythonName(name), path: file.path, line }] : []
  })
}

function fromLocks(repo: Snapshot): NameInUse[] {
  const paths = [...repo.files.keys()].filter(isLockfile).sort()
  return paths.flatMap(path => {
    const read = lockAt(repo, path)
    if (!read?.ok) return []
    return read.lock.entries.flatMap(({ ecosystem, name, line, source }) => {
      if (source !== 'registry' || (ecosystem !== 'npm' && ecosystem !== 'pypi')) return []
      return [{ ecosystem, name: ecosystem === 'pypi' ? pythonName(name) : name, path, line }]
    })
  })
}
