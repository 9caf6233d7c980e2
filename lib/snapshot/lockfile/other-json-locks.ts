/** The JSON locks of Swift, Nix and Bazel. */
import { isObject, keyLines, listOf, objectOf, parseJsonObject, textOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, type SourceKind, UnreadableFile } from './lockfile.ts'

/** `Package.resolved`, versions 1 to 3: each pin is a git revision (a registry pin has a version only). */
export function readPackageResolved(text: string): LockContent {
  const root = parseJsonObject(text)
  const pins = Array.isArray(root.pins) ? root.pins : objectOf(root.object).pins
  if (!Array.isArray(pins)) throw new UnreadableFile('has no "pins" list', 1)
  const lines = keyLines(text)
  const entries = pins.map(objectOf).map(pin => {
    const state = objectOf(pin.state)
    const address = textOf(pin.location) || textOf(pin.repositoryURL)
    const identity = textOf(pin.identity) || textOf(pin.package)
    const key = pin.identity === undefined ? 'package' : 'identity'
    const name =
      address
        .replace(/^[a-z+]+:\/\/(?:[^@/]*@)?|^[^@/]*@/i, '')
        .replace(':', '/')
        .replace(/\.git$/, '') || identity
    const source: SourceKind = pin.kind === 'registry' ? 'registry' : pin.kind === 'localSourceControl' ? 'path' : 'git'
    return lockEntry({
      ecosystem: 'swift',
      name,
      version: textOf(state.version) || textOf(state.revision),
      line: lines.nextValue(key, identity),
      source,
      address: source === 'path' ? '' : address,
      commit: textOf(state.revision),
    })
  })
  return { format: `Package.resolved v${String(root.version ?? '?')}`, ecosystem: 'swift', entries, importers: null }
}

/** `flake.lock`: nodes with a `narHash` each; the root's inputs are the direct dependencies. */
export function readFlakeLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (!isObject(root.nodes)) throw new UnreadableFile('has no "nodes" object', 1)
  const lines = keyLines(text, text.indexOf('"nodes"'))
  const rootName = textOf(root.root) || 'root'
  const entries: LockEntry[] = []
  for (const [name, value] of Object.entries(root.nodes)) {
    const line = lines.next(name)
    if (name === rootName) continue
    const locked = objectOf(objectOf(value).locked)
    const version = textOf(locked.rev) || textOf(locked.lastModified)
    entries.push(
      lockEntry({
        ecosystem: 'nix',
        name,
        version,
        line,
        source: flakeSource(textOf(locked.type)),
        commit: textOf(locked.rev),
        hashes: [textOf(locked.narHash)].filter(Boolean),
      }),
    )
  }
  const inputs = Object.keys(objectOf(objectOf(root.nodes[rootName]).inputs))
  return {
    format: 'flake.lock',
    ecosystem: 'nix',
    entries,
    importers: new Map([['', new Map(inputs.map(name => [name, '']))]]),
  }
}

function flakeSource(type: string): SourceKind {
  if (type === 'path') return 'path'
  return type === 'tarball' || type === 'file' ? 'url' : 'git'
}

/** `MODULE.bazel.lock`: hashes of every registry file that the resolution read, by address. */
export function readBazelLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (root.lockFileVersion === undefined) throw new UnreadableFile('has no lockFileVersion', 1)
  const lines = keyLines(text)
  const entries: LockEntry[] = []
  const selected = new Map<string, string>()
  for (const [address, hash] of Object.entries(objectOf(root.registryFileHashes))) {
    const found = /\/modules\/([^/]+)\/([^/]+)\/source\.json$/.exec(address)
    const line = lines.nextValue(address, textOf(hash))
    if (found?.[1] === undefined || found[2] === undefined) continue
    selected.set(found[1], found[2])
    entries.push(
      lockEntry({
        ecosystem: 'bazel',
        name: found[1],
        version: found[2],
        line,
        address,
        hashes: [textOf(hash)].filter(Boolean),
      }),
    )
  }
  // Before version 10 the lock held the dependency graph and no hashes of the registry's files.
  for (const value of Object.values(objectOf(root.moduleDepGraph))) {
    const fields = objectOf(value)
    const name = textOf(fields.name)
    if (textOf(fields.key) === '<root>' || name === '') continue
    const spec = objectOf(objectOf(fields.repoSpec).attributes)
    const hash = textOf(spec.integrity)
    entries.push(
      lockEntry({
        ecosystem: 'bazel',
        name,
        version: textOf(fields.version),
        line: lines.nextValue('name', name),
        source: fields.repoSpec === undefined ? 'path' : 'registry',
        hashes: hash === '' ? [] : [hash],
      }),
    )
    selected.set(name, textOf(fields.version))
  }
  for (const item of listOf(root.modules)) if (isObject(item)) selected.set(textOf(item.name), textOf(item.version))
  return {
    format: `MODULE.bazel.lock v${String(root.lockFileVersion)}`,
    ecosystem: 'bazel',
    entries,
    importers: new Map([['', selected]]),
  }
}
