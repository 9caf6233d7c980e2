/** How well a manifest is locked, with the place that shows it. */
import type { Dependency } from '../../manifest/manifest.ts'
import type { SourceFile } from '../../snapshot.ts'
import { type LockEntry, type Lockfile, lacksHash } from '../lockfile.ts'
import type { LockRead } from '../read.ts'

/** `path`, `line`, `endLine`: the place that shows what is wrong. `note`: told beside the verdict. */
export type Judgement =
  | { state: 'hashed'; manifest: string; note?: string }
  | {
      state: 'locked' | 'floating'
      manifest: string
      path: string
      line: number
      endLine: number
      message: string
      note?: string
    }
  | { state: 'unknown'; manifest: string; path: string; reason: string }

/** A manifest with what it asks for from elsewhere; `advice`: the sentence that says how to make or mend its lock. */
export type Asked = { file: SourceFile; dependencies: readonly Dependency[]; advice: string }

const MOST_NAMED = 20

export function unlocked({ file, dependencies, advice }: Asked): Judgement {
  const first = dependencies[0]
  const count = dependencies.length === 1 ? '1 dependency' : `${dependencies.length} dependencies`
  const message = `\`${file.path}\` asks for ${count} (${namesOf(dependencies)}) and no lockfile covers it. ${advice}`
  return floating(file, first?.line ?? 1, message)
}

export function stale({ file, advice }: Asked, dependency: Dependency, lock: string, why: string): Judgement {
  const message = `\`${lock}\` is stale: \`${dependency.name}\`${dependency.constraint === '' ? '' : ` (${dependency.constraint})`} ${why}. ${advice}`
  return floating(file, dependency.line, message)
}

export function floating(file: SourceFile, line: number, message: string, endLine = line): Judgement {
  return { state: 'floating', manifest: file.path, path: file.path, line, endLine, message }
}

export function locked(file: SourceFile, line: number, message: string, path = file.path, endLine = line): Judgement {
  return { state: 'locked', manifest: file.path, path, line, endLine, message }
}

export function unknown(file: SourceFile, read: LockRead & { ok: false }): Judgement {
  return { state: 'unknown', manifest: file.path, path: read.path, reason: read.reason }
}

/** The verdict on a compiled file, for the source that it was compiled from. */
export function passedOn(judgement: Judgement, source: SourceFile): Judgement {
  const manifest = source.path
  if (judgement.state !== 'locked' && judgement.state !== 'floating') return { ...judgement, manifest }
  return { ...judgement, manifest, message: `${judgement.message} It is what \`${source.path}\` is compiled to.` }
}

/** Stale where the lock does not cover a dependency; locked where entries lack a hash; hashed otherwise. */
export function byLock(
  asked: Asked,
  lock: Lockfile,
  faultOf: (dependency: Dependency) => string | null,
  cure: string,
): Judgement {
  for (const dependency of asked.dependencies) {
    const why = dependency.optional ? null : faultOf(dependency)
    if (why !== null) return stale(asked, dependency, lock.path, why)
  }
  return byHashes(asked.file, lock, cure)
}

/** `cure`: what to do about entries without a hash. */
export function byHashes(file: SourceFile, lock: Lockfile, cure: string): Judgement {
  const bare = unhashedOf(lock)
  const first = bare[0]
  if (first === undefined) return { state: 'hashed', manifest: file.path }
  const sha1 = bare.filter(entry => entry.sha1Only).length
  const git = first.source === 'git' && !first.sha1Only
  const lack = git
    ? 'no full commit or hash'
    : sha1 === bare.length
      ? 'only SHA-1, which can be forged and counts as no hash'
      : 'no hash'
  const message = `\`${lock.path}\` locks the versions of \`${file.path}\`, but ${countOf(bare.length)} ${lack}: ${entryNames(bare)}. ${cure}`
  return locked(file, first.line, message, lock.path)
}

const bareEntries = new WeakMap<Lockfile, LockEntry[]>()

function unhashedOf(lock: Lockfile): LockEntry[] {
  const known = bareEntries.get(lock)
  if (known) return known
  const bare = lock.entries.filter(lacksHash)
  bareEntries.set(lock, bare)
  return bare
}

const versionsOfLock = new WeakMap<Lockfile, Map<string, string[]>>()

/** Locked versions by name; names as `key` folds them. */
export function versionsOf(
  lock: Lockfile,
  key: (name: string) => string = name => name,
): ReadonlyMap<string, string[]> {
  const known = versionsOfLock.get(lock)
  if (known) return known
  const versions = new Map<string, string[]>()
  for (const { name, version } of lock.entries) {
    const folded = key(name)
    const list = versions.get(folded)
    if (list) list.push(version)
    else versions.set(folded, [version])
  }
  versionsOfLock.set(lock, versions)
  return versions
}

function countOf(count: number): string {
  return count === 1 ? '1 entry has' : `${count} entries have`
}

function entryNames(entries: readonly LockEntry[]): string {
  const named = entries
    .slice(0, MOST_NAMED)
    .map(({ name, version, line }) => `${short(name)}${version === '' ? '' : `@${short(version)}`} (line ${line})`)
  return more(named, entries.length)
}

export function namesOf(dependencies: readonly { name: string }[]): string {
  const names = [...new Set(dependencies.map(({ name }) => short(name)))]
  return more(names.slice(0, MOST_NAMED), names.length)
}

function more(named: string[], count: number): string {
  return count > named.length ? `${named.join(', ')} and ${count - named.length} more` : named.join(', ')
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
