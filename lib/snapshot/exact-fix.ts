/** Writes in place of a range the version that the lock has, in the manifest and where the lock repeats the range. */
import { findNodeAtLocation, type Node } from 'jsonc-parser'
import semver from 'semver'
import { jsonTree } from './json-tree.ts'
import { lineRange } from './lines.ts'
import { lockAt } from './lockfile/read.ts'
import { mapOf, parseYamlDocuments, scalarOf, type YamlNode } from './lockfile/yaml.ts'
import { ancestorsOf, folderOf, inFolder, relativeTo } from './manifest/manifest.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'

type Replacement = { kind: 'replace'; path: string; start: number; end: number; text: string }
type Range = { file: SourceFile; name: string; constraint: string }

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies']
/** Locks of the npm family. Those of Yarn and Bun name every entry by its ranges: their manager has to write them anew. */
const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb']
const WRITTEN = LOCKS.slice(0, 3)

/**
 * null where no lock tells the version, or more than one lock would have to be changed. No edits where the manager alone can
 * write the lock anew: a manifest that it does not fit would fail the next frozen install.
 */
export function exactFix(repo: Snapshot, range: Range): { version: string; edits: Replacement[] } | null {
  const { file, name, constraint } = range
  if (!file.path.endsWith('package.json')) return null
  const folder = folderOf(file.path)
  const home = ancestorsOf(folder).find(above => LOCKS.some(lock => repo.files.has(inFolder(above, lock))))
  const locks = home === undefined ? [] : LOCKS.filter(lock => repo.files.has(inFolder(home, lock)))
  const [only] = locks
  if (home === undefined || only === undefined || locks.length > 1) return null
  const lock = repo.files.get(inFolder(home, only))
  const read = lockAt(repo, inFolder(home, only))
  const member = relativeTo(home, folder)
  const version = read?.ok ? read.lock.importers?.get(member)?.get(name) : undefined
  if (!lock || version === undefined || semver.valid(version) === null || !fits(version, constraint)) return null
  if (!WRITTEN.includes(only)) return { version, edits: [] }
  const told = stringIn(treeOf(file, 0), constraint, group => [group, name])
  const repeated = only.endsWith('.yaml') ? inPnpmLock(lock, member, range) : inPackageLock(lock, member, range)
  if (!told || repeated === null) return null
  const edits = [{ kind: 'replace' as const, path: file.path, ...told, text: JSON.stringify(version) }]
  return { version, edits: [...edits, ...repeated.map(place => written(lock, place, version))] }
}

/** A tag such as `latest` is no range: what it is today the lock says. */
function fits(version: string, constraint: string): boolean {
  const range = semver.validRange(constraint)
  return range === null ? /^[a-z]+$/.test(constraint) : semver.satisfies(version, range)
}

type Stretch = { start: number; end: number; quote: string }

function written(file: SourceFile, { start, end, quote }: Stretch, version: string): Replacement {
  return { kind: 'replace', path: file.path, start, end, text: quote + version + quote }
}

/** Version 1 of the lock repeats no ranges. */
function inPackageLock(lock: SourceFile, member: string, { name, constraint }: Range): Stretch[] | null {
  const packages = packagesIn(lock)
  if (packages === -1) return []
  const key = `${JSON.stringify(member)}: {`
  const at = lock.text.indexOf(key, packages)
  if (at === -1) return null
  const found = stringIn(treeOf(lock, at + key.length - 1), constraint, group => [group, name])
  return found && [{ ...found, quote: '"' }]
}

const packagesAt = new WeakMap<SourceFile, number>()

function packagesIn(lock: SourceFile): number {
  const known = packagesAt.get(lock) ?? lock.text.search(/^[ \t]*"packages"\s*:/m)
  packagesAt.set(lock, known)
  return known
}

/** From version 6 on the range stands beside the version; before, in a list of its own. */
function inPnpmLock(lock: SourceFile, member: string, { name, constraint }: Range): Stretch[] | null {
  const importer = importerOf(lock, member)
  const entries = GROUPS.flatMap(group => mapOf(importer.get(group)).get(name) ?? [])
  const [specifier] = entries.flatMap(entry => mapOf(entry).get('specifier') ?? [])
  if (!specifier || scalarOf(specifier) !== constraint) return null
  const { start, end } = lineRange(lock, specifier.line)
  const value = /^\s*specifier: (.*)$/.exec(lock.text.slice(start, end))?.[1]
  return value === undefined ? null : [{ start: end - value.length, end, quote: '' }]
}

const importersOf = new WeakMap<SourceFile, ReadonlyMap<string, YamlNode>>()

function importerOf(lock: SourceFile, member: string): ReadonlyMap<string, YamlNode> {
  const known = importersOf.get(lock)
  const main = known ?? mapOf(parseYamlDocuments(lock.text).at(-1))
  if (!known) importersOf.set(lock, main)
  return main.has('importers') ? mapOf(mapOf(main.get('importers')).get(member === '' ? '.' : member)) : main
}

/** Where in one of the groups of dependencies the range is written. */
function stringIn(
  { root, offset }: Tree,
  text: string,
  path: (group: string) => string[],
): { start: number; end: number } | null {
  const found = GROUPS.flatMap(group => (root && findNodeAtLocation(root, path(group))) ?? []).filter(
    ({ type, value }) => type === 'string' && value === text,
  )
  const [only] = found
  if (found.length !== 1 || !only) return null
  return { start: offset + only.offset, end: offset + only.offset + only.length }
}

type Tree = { root: Node | undefined; offset: number }

/** The manifests of a workspace are asked once for each of their dependencies. */
const treesOf = new WeakMap<SourceFile, Map<number, Tree>>()

function treeOf(file: SourceFile, offset: number): Tree {
  const known = treesOf.get(file) ?? new Map<number, Tree>()
  const tree = known.get(offset) ?? { root: jsonTree(file.text.slice(offset)).root, offset }
  known.set(offset, tree)
  treesOf.set(file, known)
  return tree
}
