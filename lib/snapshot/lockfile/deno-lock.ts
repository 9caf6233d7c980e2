/** `deno.lock`, versions 2 to 5: npm packages, jsr packages and remote modules, each with its hash. */
import { isObject, type Json, keyLines, objectOf, parseJsonObject, textOf, textsOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'

export function readDenoLock(text: string): LockContent {
  const root = parseJsonObject(text)
  // The first version was a plain map of addresses to hashes.
  const version = textOf(root.version) || '1'
  const remote = version === '1' ? root : objectOf(root.remote)
  const packages = isObject(root.packages) ? root.packages : root
  const npm = isObject(objectOf(root.npm).packages) ? objectOf(objectOf(root.npm).packages) : objectOf(packages.npm)
  const values = Object.values(root)
  if (version === '1' && (values.length === 0 || values.some(value => typeof value !== 'string')))
    throw new UnreadableFile('has no version', 1)
  const entries: LockEntry[] = []
  const jsrLines = keyLines(text, text.indexOf('"jsr"'))
  for (const [key, value] of Object.entries(objectOf(packages.jsr)))
    entries.push(packageEntry(key, objectOf(value), 'jsr', jsrLines.next(key)))
  const npmLines = keyLines(text, text.indexOf('"npm"'))
  for (const [key, value] of Object.entries(npm))
    entries.push(packageEntry(key, objectOf(value), 'npm', npmLines.next(key)))
  const remoteLines = keyLines(text, text.indexOf('"remote"'))
  for (const [address, hash] of Object.entries(remote)) {
    const line = remoteLines.nextValue(address, textOf(hash))
    entries.push(
      lockEntry({
        ecosystem: 'deno',
        name: address,
        version: '',
        line,
        source: 'url',
        address,
        hashes: [textOf(hash)],
      }),
    )
  }
  return { format: `deno.lock v${version}`, ecosystem: 'deno', entries, importers: importersOf(root, packages) }
}

function packageEntry(key: string, fields: Json, purlType: string, line: number): LockEntry {
  const { name, version } = split(key)
  const integrity = textOf(fields.integrity)
  return lockEntry({ ecosystem: 'deno', name, version, line, purlType, hashes: integrity === '' ? [] : [integrity] })
}

/** `specifiers` maps `npm:x@^1` to what it resolved to; `workspace` says who asked for it. */
function importersOf(root: Json, packages: Json): Map<string, Map<string, string>> {
  const specifiers = {
    ...objectOf(packages.specifiers),
    ...objectOf(root.specifiers),
    ...objectOf(objectOf(root.npm).specifiers),
  }
  const all = new Map<string, string>()
  for (const [specifier, resolved] of Object.entries(specifiers)) {
    const target = textOf(resolved)
    const version = /^(?:npm|jsr):/.test(target) ? split(target).version : target.replace(/_.*$/, '')
    all.set(split(specifier).name, version)
  }
  const workspace = objectOf(root.workspace)
  // What is asked for and imported nowhere has no version; the lock fits all the same.
  for (const { name } of textsOf(workspace.dependencies).map(split)) if (!all.has(name)) all.set(name, '')
  const importers = new Map<string, Map<string, string>>([['', all]])
  for (const [path, member] of Object.entries(objectOf(workspace.members))) {
    const named = textsOf(objectOf(member).dependencies).map(text => split(text).name)
    importers.set(path, new Map(named.map(name => [name, all.get(name) ?? ''])))
  }
  return importers
}

/** `npm:name@1.0.0_peer@2` → name and version; the part after `_` tells the peers. */
function split(text: string): { name: string; version: string } {
  const bare = text.replace(/^(?:npm|jsr):\/?/, '')
  const at = bare.indexOf('@', 1)
  if (at === -1) return { name: bare, version: '' }
  return { name: bare.slice(0, at), version: bare.slice(at + 1).replace(/_.*$/, '') }
}
