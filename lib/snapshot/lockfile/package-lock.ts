/** npm's `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3. */
import { isObject, type Json, keyLines, objectOf, parseJsonObject, textOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'
import { npmSource } from './npm-source.ts'

const MAX_DEPTH = 200

export function readPackageLock(text: string): LockContent {
  const root = parseJsonObject(text)
  const version = typeof root.lockfileVersion === 'number' ? root.lockfileVersion : 1
  if (isObject(root.packages)) return readPackages(text, root.packages, version)
  if (version >= 2) throw new UnreadableFile('has no "packages" object although its lockfileVersion demands one', 1)
  if (root.dependencies !== undefined && !isObject(root.dependencies))
    throw new UnreadableFile('"dependencies" is not an object', 1)
  if (!('lockfileVersion' in root) && !('dependencies' in root))
    throw new UnreadableFile('has neither "packages" nor "dependencies"', 1)
  return readDependencies(text, objectOf(root.dependencies))
}

function readPackages(text: string, packages: Json, version: number): LockContent {
  const lines = keyLines(text, text.indexOf('"packages"'))
  const entries: LockEntry[] = []
  const members: [string, Json][] = []
  for (const [key, value] of Object.entries(packages)) {
    const line = lines.next(key)
    const fields = objectOf(value)
    const at = key.lastIndexOf('node_modules/')
    if (at === -1) {
      if (fields.link !== true) members.push([key, fields])
      continue
    }
    if (fields.link === true) continue
    entries.push(packageEntry(key.slice(at + 'node_modules/'.length), fields, line))
  }
  const importers = new Map(members.map(([path, fields]) => [path, importerOf(packages, path, fields)]))
  return { format: `package-lock v${version}`, ecosystem: 'npm', entries, importers }
}

function packageEntry(folder: string, fields: Json, line: number): LockEntry {
  const address = textOf(fields.resolved)
  const { source, commit } = npmSource(address)
  return lockEntry({
    ecosystem: 'npm',
    // An alias is installed under another name than the package has; its archive has the package's own.
    name: textOf(fields.name) || nameOfArchive(address) || folder,
    version: textOf(fields.version),
    line,
    source,
    commit,
    hashes: integrityOf(fields),
    address,
    // What is bundled travels inside its parent's archive and is fixed by the parent's hash.
    excused: fields.inBundle === true,
  })
}

function nameOfArchive(resolved: string): string {
  const name = /\/((?:@|%40)[^/]+(?:\/|%2f)[^/]+|[^/@]+)\/-\/[^/]+\.tgz$/i.exec(resolved)?.[1] ?? ''
  return name.replace(/%40/i, '@').replace(/%2f/i, '/')
}

function integrityOf(fields: Json): string[] {
  return textOf(fields.integrity).split(/\s+/).filter(Boolean)
}

/** Resolves each declared name as Node does: in the member's own node_modules, then in each folder above it. */
function importerOf(packages: Json, path: string, fields: Json): Map<string, string> {
  const found = new Map<string, string>()
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
    for (const name of Object.keys(objectOf(fields[group]))) {
      const version = resolvedVersion(packages, path, name)
      if (version !== null) found.set(name, version)
    }
  }
  return found
}

function resolvedVersion(packages: Json, path: string, name: string): string | null {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (Object.hasOwn(packages, key)) return textOf(objectOf(packages[key]).version)
    if (folder === '') return null
  }
}

function readDependencies(text: string, dependencies: Json): LockContent {
  const lines = keyLines(text, text.indexOf('"dependencies"'))
  const entries: LockEntry[] = []
  const direct = new Map<string, string>()

  function walk(level: Json, depth: number): void {
    if (depth > MAX_DEPTH) throw new UnreadableFile(`dependencies nested deeper than ${MAX_DEPTH}`, 1)
    for (const [name, value] of Object.entries(level)) {
      const line = lines.next(name)
      const fields = objectOf(value)
      const version = textOf(fields.version)
      if (depth === 0) direct.set(name, version)
      entries.push(dependencyEntry(name, version, fields, line))
      walk(objectOf(fields.dependencies), depth + 1)
    }
  }
  walk(dependencies, 0)
  return { format: 'package-lock v1', ecosystem: 'npm', entries, importers: new Map([['', direct]]) }
}

/** Version 1 writes the address of what is not from a registry in place of the version. */
function dependencyEntry(name: string, version: string, fields: Json, line: number): LockEntry {
  const elsewhere = /^(?:[a-z+]+:|[\w-]+\/[\w.-]+#)/i.test(version) && !version.startsWith('npm:')
  const address = elsewhere ? version : textOf(fields.resolved)
  const { source, commit } = npmSource(address)
  const [, aliased, plain] = /^npm:(.+)@([^@]*)$/.exec(version) ?? []
  return lockEntry({
    ecosystem: 'npm',
    name: aliased ?? name,
    version: plain ?? version,
    line,
    source,
    commit,
    hashes: integrityOf(fields),
    address,
    excused: fields.bundled === true,
  })
}
