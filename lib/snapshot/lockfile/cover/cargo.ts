/** Cargo.toml against the Cargo.lock of its workspace. */
import semver from 'semver'
import { type CargoToml, readCargoToml } from '../../manifest/cargo-toml.ts'
import {
  ancestorsOf,
  type Dependency,
  folderOf,
  inFolder,
  joinPath,
  manifestFiles,
  relativeTo,
  thirdParty,
} from '../../manifest/manifest.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { type Lockfile, UnreadableFile } from '../lockfile.ts'
import { lockAt } from '../read.ts'
import { type Asked, byLock, floating, type Judgement, unknown, unlocked, versionsOf } from './judgement.ts'
import { globFits } from './npm.ts'

type Crate = { file: SourceFile; folder: string; toml: CargoToml }

const ADVICE = 'Run `cargo generate-lockfile` and commit Cargo.lock.'

export function judgeCargo(repo: Snapshot): Judgement[] {
  const found: Judgement[] = []
  const crates = new Map<string, Crate>()
  for (const file of manifestFiles(repo, name => name === 'Cargo.toml')) {
    try {
      crates.set(folderOf(file.path), { file, folder: folderOf(file.path), toml: readCargoToml(file) })
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      found.push({
        state: 'unknown',
        manifest: file.path,
        path: file.path,
        reason: `${error.message} (line ${error.line})`,
      })
    }
  }
  for (const crate of crates.values()) {
    const dependencies = thirdParty(crate.toml.dependencies.map(dependency => inherited(dependency, crate, crates)))
    if (dependencies.length > 0)
      found.push(judge(repo, crate, crates, { file: crate.file, dependencies, advice: ADVICE }))
  }
  return found
}

/** `workspace = true` takes the version, path or git address from the workspace root. */
function inherited(dependency: Dependency, crate: Crate, crates: ReadonlyMap<string, Crate>): Dependency {
  if (dependency.source !== 'workspace') return dependency
  for (const folder of ancestorsOf(crate.folder)) {
    const found = crates.get(folder)?.toml.shared.get(dependency.name)
    if (found !== undefined) return { ...found, line: dependency.line, optional: dependency.optional }
  }
  // Its root is not here: what it asks for cannot be told, so it is not held against the lock.
  return dependency
}

function judge(repo: Snapshot, crate: Crate, crates: ReadonlyMap<string, Crate>, asked: Asked): Judgement {
  for (const folder of ancestorsOf(crate.folder)) {
    const own = folder === crate.folder
    const read = lockAt(repo, inFolder(folder, 'Cargo.lock'))
    const root = crates.get(folder)
    const isMember = !own && root !== undefined && includes(root, crate)
    if (read === null) {
      if (isMember) return unlocked(asked)
      continue
    }
    if (!read.ok) return own || isMember ? unknown(asked.file, read) : unlocked(asked)
    // A sample may have the name of the package that it is a sample of.
    const isNamesake = !isMember && root?.toml.name === crate.toml.name
    const listed =
      own ||
      (!isNamesake && read.lock.entries.some(({ name, source }) => source === 'workspace' && name === crate.toml.name))
    if (listed)
      return byLock(
        asked,
        read.lock,
        dependency => cargoFault(dependency, read.lock),
        'Run `cargo generate-lockfile` with a current Cargo.',
      )
    if (isMember) {
      return floating(
        asked.file,
        asked.dependencies[0]?.line ?? 1,
        `\`${read.lock.path}\` is stale: the workspace member \`${crate.toml.name}\` is absent from it. ${ADVICE}`,
      )
    }
  }
  return unlocked(asked)
}

function includes(root: Crate, crate: Crate): boolean {
  const folder = relativeTo(root.folder, crate.folder)
  if (root.toml.members === null) return false
  const excluded = root.toml.exclude.some(path => folder === path || folder.startsWith(`${path}/`))
  return (
    !excluded &&
    globFits(
      root.toml.members.map(path => joinPath('', path) ?? path),
      folder,
    )
  )
}

function cargoFault({ name, constraint, source }: Dependency, lock: Lockfile): string | null {
  const versions = versionsOf(lock).get(name)
  if (versions === undefined) return 'is absent from it'
  if (source !== 'registry' || versions.some(version => fits(version, constraint))) return null
  return `is locked at ${versions.slice(0, 3).join(', ')}, which the requirement does not allow`
}

/** Cargo reads a bare version as a caret and a comma as "and". */
function fits(version: string, requirement: string): boolean {
  const range = requirement
    .split(',')
    .map(part =>
      /^\s*\d/.test(part) && !part.includes('*') ? `^${part.trim()}` : part.trim().replace(/^([<>=~^]+)\s+/, '$1'),
    )
    .join(' ')
  if (semver.valid(version) === null || semver.validRange(range) === null) return true
  return semver.satisfies(version, range, { includePrerelease: true })
}
