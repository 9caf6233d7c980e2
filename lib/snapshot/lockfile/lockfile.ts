/**
 * What every lockfile reader hands out, whatever the format: the packages that an install would fetch, with the line
 * that names each, and who asked for them. Readers are pure, linear in the size of the text and never guess.
 */
import { purlOf } from './purl.ts'

/** The package manager family; also the purl type but for `deno`, whose entries are npm, jsr and plain URLs. */
type Ecosystem =
  | 'npm'
  | 'deno'
  | 'pypi'
  | 'golang'
  | 'cargo'
  | 'gem'
  | 'composer'
  | 'nuget'
  | 'maven'
  | 'gradle'
  | 'pub'
  | 'hex'
  | 'swift'
  | 'cocoapods'
  | 'terraform'
  | 'helm'
  | 'nix'
  | 'conda'
  | 'bazel'

/** Where an install gets it from. `path` and `workspace` are in the repository itself and need no hash. */
export type SourceKind = 'registry' | 'git' | 'url' | 'path' | 'workspace'

/**
 * One locked package. `hashed`: a hash stronger than SHA-1 or a full commit fixes its content. `sha1Only`: SHA-1 is all
 * there is. `excused`: the format writes no hash here by design (bundled in its parent, another platform's build).
 */
export type LockEntry = {
  purl: string
  ecosystem: Ecosystem
  name: string
  version: string
  source: SourceKind
  hashed: boolean
  sha1Only: boolean
  excused: boolean
  line: number
  /** Where the lock says that it is fetched from, as written; '' where the format leaves that to the settings. */
  address: string
  /**
   * Origins (`https://host`) of the files that it is made of, where the lock names them beside or instead of the registry
   * and their place does not follow from it.
   */
  files: readonly string[]
}

/** Direct dependency → its locked version; '' where the lock names the dependency without a version. */
type Importer = ReadonlyMap<string, string>

/** `importers`: directory of a member, relative to the lockfile ('' = its own) → direct dependencies; null where the format does not say. */
export type Lockfile = {
  path: string
  format: string
  ecosystem: Ecosystem
  entries: readonly LockEntry[]
  importers: ReadonlyMap<string, Importer> | null
}

/** What a reader returns; `readLockfile` adds the path. */
export type LockContent = Omit<Lockfile, 'path'>

/** An expected refusal of a reader: the file is damaged. The caller turns it into an unread file with reason and line. */
export class UnreadableFile extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

type Facts = {
  ecosystem: Ecosystem
  name: string
  version: string
  line: number
  source?: SourceKind
  /** Hashes as the format writes them; anything beyond SHA-1 (and MD5) makes the entry hashed. */
  hashes?: readonly string[]
  /** For git: what follows the `#`, or the commit field. */
  commit?: string
  excused?: boolean
  purlType?: string
  /** The package's name in its registry, where the lock has it under another. */
  purlName?: string | undefined
  address?: string
  files?: readonly string[]
}

const NO_FILES: readonly string[] = []

/** Builds an entry and decides once, for all formats, what counts as hashed. */
export function lockEntry(facts: Facts): LockEntry {
  const source = facts.source ?? 'registry'
  const hashes = facts.hashes ?? []
  const strong = hashes.some(isStrong)
  return {
    purl: purlOf(facts.purlType ?? facts.ecosystem, facts.purlName ?? facts.name, facts.version),
    ecosystem: facts.ecosystem,
    name: facts.name,
    version: facts.version,
    source,
    hashed: strong || (source === 'git' && isFullCommit(facts.commit ?? '')),
    sha1Only: !strong && hashes.some(hash => hash !== ''),
    excused: facts.excused ?? false,
    line: facts.line,
    address: facts.address ?? '',
    files: facts.files ?? NO_FILES,
  }
}

/** Refuses a lock that needs what it does not hold: a half of a file is no smaller lock. `needed`: name → its line. */
export function refuseHalf(needed: ReadonlyMap<string, number>, held: { has(name: string): boolean }): void {
  for (const [name, line] of needed) {
    if (!held.has(name))
      throw new UnreadableFile(`it needs ${name.slice(0, 80)}, which is not in it: a part is missing`, line)
  }
}

/** Refuses a lock without the part that its tool writes last. */
export function refuseCut(isWhole: boolean, last: string, text: string): void {
  if (!isWhole) throw new UnreadableFile(`it ends before ${last}: a part is missing`, text.trimEnd().split('\n').length)
}

/** An entry that an install fetches and nothing in the lock ties to its content. */
export function lacksHash(entry: LockEntry): boolean {
  if (entry.hashed || entry.excused) return false
  return entry.source !== 'path' && entry.source !== 'workspace'
}

export function isFullCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text)
}

/** SHA-1 and MD5 are forgeable, so they count as no hash. */
function isStrong(hash: string): boolean {
  if (hash === '') return false
  if (/^(?:sha-?1|md5)[-:=]/i.test(hash)) return false
  // A bare 40 or 32 hex digits is SHA-1 or MD5.
  return !/^(?:[0-9a-f]{40}|[0-9a-f]{32})$/i.test(hash)
}
