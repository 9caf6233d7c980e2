/** From a path and its text to a lockfile: which reader a name belongs to, and every refusal as a reason with its line. */
import type { Snapshot, SourceFile, Unread } from '../snapshot.ts'
import { unreadAmong } from '../unread.ts'
import { readBunLock } from './bun-lock.ts'
import { readCargoLock } from './cargo-lock.ts'
import { readComposerLock } from './composer-lock.ts'
import { conflictLine } from './conflict.ts'
import { readDenoLock } from './deno-lock.ts'
import { readGemfileLock } from './gemfile-lock.ts'
import { readGoSum } from './go-sum.ts'
import { readMavenLockfile, readVerificationMetadata } from './jvm-locks.ts'
import { readGradleLockfile, readMixLock, readTerraformLock } from './line-locks.ts'
import { type LockContent, type Lockfile, UnreadableFile } from './lockfile.ts'
import { readNugetLock } from './nuget-lock.ts'
import { readBazelLock, readFlakeLock, readPackageResolved } from './other-json-locks.ts'
import { readChartLock, readCondaLock, readPodfileLock, readPubspecLock } from './other-yaml-locks.ts'
import { readPackageLock } from './package-lock.ts'
import { readPipfileLock } from './pipfile-lock.ts'
import { readPnpmLock } from './pnpm-lock.ts'
import { readPdmLock, readPoetryLock, readPylock, readUvLock } from './python-locks.ts'
import { readYarnBerry } from './yarn-berry.ts'
import { readYarnClassic } from './yarn-classic.ts'

export type LockRead = { ok: true; lock: Lockfile } | { ok: false; path: string; reason: string; line: number }

/** Files above this are not read; the same bound holds for the crawl. */
const LARGEST = 32 * 1024 * 1024

const READERS: ReadonlyMap<string, (text: string) => LockContent> = new Map([
  ['package-lock.json', readPackageLock],
  ['npm-shrinkwrap.json', readPackageLock],
  ['yarn.lock', readYarnLock],
  ['pnpm-lock.yaml', readPnpmLock],
  ['bun.lock', readBunLock],
  ['deno.lock', readDenoLock],
  ['uv.lock', readUvLock],
  ['poetry.lock', readPoetryLock],
  ['pdm.lock', readPdmLock],
  ['Pipfile.lock', readPipfileLock],
  ['go.sum', readGoSum],
  ['go.work.sum', readGoSum],
  ['Cargo.lock', readCargoLock],
  ['Gemfile.lock', readGemfileLock],
  ['gems.locked', readGemfileLock],
  ['composer.lock', readComposerLock],
  ['packages.lock.json', readNugetLock],
  ['lockfile.json', readMavenLockfile],
  ['verification-metadata.xml', readVerificationMetadata],
  ['pubspec.lock', readPubspecLock],
  ['mix.lock', readMixLock],
  ['Package.resolved', readPackageResolved],
  ['Podfile.lock', readPodfileLock],
  ['.terraform.lock.hcl', readTerraformLock],
  ['Chart.lock', readChartLock],
  ['requirements.lock', readChartLock],
  ['flake.lock', readFlakeLock],
  ['conda-lock.yml', readCondaLock],
  ['MODULE.bazel.lock', readBazelLock],
])

// `lockfile.json` and `requirements.lock` are names that other tools use too; they are read where a manifest asks for them.
const AMBIGUOUS = new Set(['lockfile.json', 'requirements.lock'])

/** Whether a path is a lockfile by its name alone. */
export function isLockfile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return readerOf(name) !== null && !AMBIGUOUS.has(name)
}

const readFiles = new WeakMap<SourceFile, LockRead>()

/** The lockfile in a file. Never throws for what the file holds; a file never changes, so it is read once. */
export function readLockfile(file: SourceFile): LockRead {
  const known = readFiles.get(file)
  if (known) return known
  const read = attempt(file.path, file.text)
  readFiles.set(file, read)
  return read
}

/** The lockfile at a path: null where the tree has none, a reason where it is there and could not be read. */
export function lockAt(repo: Snapshot, path: string): LockRead | null {
  const file = repo.files.get(path)
  if (file !== undefined) return readLockfile(file)
  const listed = pathsOf(repo).has(path)
  const unread = repo.unread.find(item => item.path === path)
  if (!listed && unread === undefined) return null
  return { ok: false, path, reason: unread?.reason ?? 'its content was not taken', line: 1 }
}

/** Locks that no reader could make sense of, and those that were not taken. */
export function unreadLocks(repo: Snapshot): Unread[] {
  const damaged = [...repo.files.values()].flatMap((file): Unread[] => {
    const read = isLockfile(file.path) ? readLockfile(file) : null
    return read === null || read.ok ? [] : [{ part: 'files', path: file.path, reason: read.reason }]
  })
  return [...unreadAmong(repo, isLockfile), ...damaged]
}

const pathsOfRepo = new WeakMap<Snapshot, ReadonlySet<string>>()

/** Every path of the tree, read or not, for asking whether one is there. */
export function pathsOf(repo: Snapshot): ReadonlySet<string> {
  const known = pathsOfRepo.get(repo)
  if (known) return known
  const unread = repo.unread.flatMap(({ path }) => path ?? [])
  const paths = new Set([...repo.tree.map(entry => entry.path), ...unread])
  pathsOfRepo.set(repo, paths)
  return paths
}

const scatteredOfRepo = new WeakMap<Snapshot, readonly string[]>()

/** Locks whose names vary and are looked for by their folder: `pylock.*.toml` and Gradle's one file a configuration. */
export function scatteredLocks(repo: Snapshot): readonly string[] {
  const known = scatteredOfRepo.get(repo)
  if (known) return known
  const found = [...pathsOf(repo)].filter(path => /(?:^|\/)pylock(?:\.[^/.]+)?\.toml$|\.lockfile$/.test(path))
  scatteredOfRepo.set(repo, found)
  return found
}

function readerOf(name: string): ((text: string) => LockContent) | null {
  const reader = READERS.get(name)
  if (reader) return reader
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return readPylock
  if (/^[^/]+\.conda-lock\.yml$/.test(name)) return readCondaLock
  return /\.lockfile$/.test(name) ? readGradleLockfile : null
}

function attempt(path: string, text: string): LockRead {
  const reader = readerOf(path.slice(path.lastIndexOf('/') + 1))
  if (reader === null) return { ok: false, path, reason: 'not a lockfile that is known', line: 1 }
  if (text.length > LARGEST) return { ok: false, path, reason: 'larger than 32 MB', line: 1 }
  const conflict = conflictLine(text)
  if (conflict !== null) return { ok: false, path, reason: `merge conflict markers (line ${conflict})`, line: conflict }
  try {
    return { ok: true, lock: { ...reader(text), path } }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return { ok: false, path, reason: `${error.message} (line ${error.line})`, line: error.line }
  }
}

/** Both generations of Yarn use one name; only the newer writes `__metadata`. An empty file marks a project and locks nothing. */
function readYarnLock(text: string): LockContent {
  return /^__metadata:/m.test(text) ? readYarnBerry(text) : readYarnClassic(text)
}
