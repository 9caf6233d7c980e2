/** `bun.lock`: JSON with trailing commas; packages are tuples `[name@version, registry, info, hash]`. */
import { type Node, printParseErrorCode } from 'jsonc-parser'
import { jsonTree } from '../json-tree.ts'
import { type Json, keyLines, lineAt, listOf, objectOf, textOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'
import { npmSource } from './npm-source.ts'

const MAX_DEPTH = 60

export function readBunLock(text: string): LockContent {
  const root = parseJsonc(text)
  if (root.packages === undefined && root.workspaces === undefined)
    throw new UnreadableFile('has neither "packages" nor "workspaces"', 1)
  const lines = keyLines(text, text.indexOf('"packages"'))
  const packages = objectOf(root.packages)
  const entries: LockEntry[] = []
  for (const [key, tuple] of Object.entries(packages)) entries.push(entryOf(key, listOf(tuple), lines.next(key)))
  const importers = new Map<string, Map<string, string>>()
  for (const [path, member] of Object.entries(objectOf(root.workspaces)))
    importers.set(path, directOf(path === '' ? null : textOf(objectOf(member).name), objectOf(member), packages))
  return { format: `bun.lock v${String(root.lockfileVersion ?? '?')}`, ecosystem: 'npm', entries, importers }
}

/** JSON with comments and trailing commas, as an object; refuses damage with its line. */
export function parseJsonc(text: string): Json {
  const { root, faults, tooDeep } = jsonTree(text, { allowTrailingComma: true })
  if (tooDeep) throw new UnreadableFile('nested too deeply', 1)
  const fault = faults[0]
  if (fault !== undefined)
    throw new UnreadableFile(`not valid JSON: ${printParseErrorCode(fault.error)}`, lineAt(text, fault.offset))
  if (root?.type !== 'object') throw new UnreadableFile('not a JSON object', 1)
  return objectOf(plainOf(root, 0))
}

function plainOf(node: Node | undefined, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new UnreadableFile(`nested deeper than ${MAX_DEPTH}`, 1)
  if (node?.type === 'array') return (node.children ?? []).map(child => plainOf(child, depth + 1))
  if (node?.type !== 'object') return node?.value
  return Object.fromEntries(
    (node.children ?? []).map(pair => [String(pair.children?.[0]?.value), plainOf(pair.children?.[1], depth + 1)]),
  )
}

/** `nested`: the name under which a member has what differs from the root; the root itself has nothing of the kind. */
function directOf(nested: string | null, member: Json, packages: Json): Map<string, string> {
  const direct = new Map<string, string>()
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const name of Object.keys(objectOf(member[group]))) {
      const own = (nested === null ? undefined : packages[`${nested}/${name}`]) ?? packages[name]
      if (own !== undefined) direct.set(name, split(textOf(listOf(own)[0])).reference)
    }
  }
  return direct
}

function split(text: string): { name: string; reference: string } {
  const at = text.indexOf('@', 1)
  return at === -1 ? { name: text, reference: '' } : { name: text.slice(0, at), reference: text.slice(at + 1) }
}

function entryOf(key: string, tuple: readonly unknown[], line: number): LockEntry {
  const { name, reference } = split(textOf(tuple[0]) || key)
  const { source, commit } = reference.startsWith('root:')
    ? { source: 'workspace' as const, commit: '' }
    : npmSource(reference)
  const hash = textOf(tuple.at(-1))
  const info = tuple.find(item => typeof item === 'object')
  return lockEntry({
    ecosystem: 'npm',
    name,
    version: reference,
    line,
    source,
    commit,
    // The second of four is the registry where it is not the configured one.
    address: source === 'registry' ? textOf(tuple.length >= 4 ? tuple[1] : '') : reference,
    hashes: /^(?:sha\d+|md5)-/.test(hash) ? [hash] : [],
    excused: objectOf(info).bundled === true,
  })
}
