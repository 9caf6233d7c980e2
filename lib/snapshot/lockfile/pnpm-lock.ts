/** `pnpm-lock.yaml`, versions 5 to 9, also with several documents (the environment's own lock stands in front since pnpm 11). */
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'
import { npmSource } from './npm-source.ts'
import { mapOf, parseYamlDocuments, scalarOf, type YamlNode } from './yaml.ts'

type Fields = ReadonlyMap<string, YamlNode>

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies']

export function readPnpmLock(text: string): LockContent {
  const documents = parseYamlDocuments(text).map(mapOf)
  const versioned = documents.filter(document => document.has('lockfileVersion'))
  const main = versioned.at(-1)
  if (main === undefined) throw new UnreadableFile('has no lockfileVersion', 1)
  const entries: LockEntry[] = []
  for (const document of versioned) {
    for (const [key, node] of mapOf(document.get('packages'))) entries.push(entryOf(key, node))
  }
  return {
    format: `pnpm-lock v${scalarOf(main.get('lockfileVersion'))}`,
    ecosystem: 'npm',
    entries,
    importers: importersOf(main),
  }
}

function importersOf(main: Fields): Map<string, Map<string, string>> {
  const importers = new Map<string, Map<string, string>>()
  for (const [path, node] of mapOf(main.get('importers')))
    importers.set(path === '.' ? '' : path, directOf(mapOf(node)))
  // A lock of a single project has its dependencies at the top, up to version 6.
  if (!main.has('importers')) importers.set('', directOf(main))
  return importers
}

function directOf(importer: Fields): Map<string, string> {
  const direct = new Map<string, string>()
  for (const group of GROUPS) {
    for (const [name, node] of mapOf(importer.get(group))) {
      const version = typeof node.value === 'string' ? node.value : scalarOf(mapOf(node).get('version'))
      direct.set(name, lockedVersion(version))
    }
  }
  return direct
}

/** `1.2.3(peer@1)`, `1.2.3_peer@1` → 1.2.3; a path, address or alias → ''. */
function lockedVersion(text: string): string {
  return /^(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?:[_(]|$)/.exec(text)?.[1] ?? ''
}

function entryOf(key: string, node: YamlNode): LockEntry {
  const fields = mapOf(node)
  const resolution = mapOf(fields.get('resolution'))
  const named = nameAndVersion(key)
  const integrity = scalarOf(resolution.get('integrity'))
  const { source, commit } = sourceOf(resolution, named.version)
  return lockEntry({
    ecosystem: 'npm',
    name: scalarOf(fields.get('name')) || named.name,
    version: scalarOf(fields.get('version')) || named.version,
    line: node.line,
    source,
    commit,
    address: scalarOf(resolution.get('tarball')) || scalarOf(resolution.get('repo')),
    hashes: integrity.split(/\s+/).filter(Boolean),
  })
}

function sourceOf(resolution: Fields, version: string): ReturnType<typeof npmSource> {
  const commit = scalarOf(resolution.get('commit'))
  if (commit !== '') return { source: 'git', commit }
  if (resolution.has('directory')) return { source: 'path', commit: '' }
  const tarball = scalarOf(resolution.get('tarball'))
  if (tarball !== '') return npmSource(tarball)
  return /^(?:file|link):/.test(version) ? { source: 'path', commit: '' } : { source: 'registry', commit: '' }
}

/** `/name/1.0.0_peers` (v5), `/name@1.0.0(peers)` (v6), `name@1.0.0` (v9), `host/name/1.0.0` (v5, other registries). */
function nameAndVersion(key: string): { name: string; version: string } {
  const bare = key.replace(/^\//, '').replace(/\(.*$/, '')
  const at = bare.indexOf('@', 1)
  const slash = /^(?:[^/@]+\.[^/@]+(?::\d+)?\/)?((?:@[^/]+\/)?[^/@]+)\/(\d[^/_]*)(?:_.*)?$/.exec(bare)
  if (slash?.[1] !== undefined && slash[2] !== undefined) return { name: slash[1], version: slash[2] }
  if (at === -1) return { name: bare, version: '' }
  return { name: bare.slice(0, at), version: bare.slice(at + 1) }
}
