/** `yarn.lock` of Yarn 2 and later: YAML with `__metadata`, entries keyed by descriptors, workspaces among them. */
import { type LockContent, type LockEntry, lockEntry, refuseHalf, type SourceKind, UnreadableFile } from './lockfile.ts'
import { npmSource } from './npm-source.ts'
import { mapOf, parseYaml, scalarOf, type YamlNode } from './yaml.ts'

export function readYarnBerry(text: string): LockContent {
  const root = mapOf(parseYaml(text))
  const metadata = root.get('__metadata')
  if (metadata === undefined) throw new UnreadableFile('has no __metadata although it is not of Yarn 1', 1)
  const entries: LockEntry[] = []
  const importers = new Map<string, Map<string, string>>()
  const versions = new Map<string, string>()
  const held = new Set<string>()
  const needed = new Map<string, number>()
  for (const [key, node] of root) {
    if (key === '__metadata') continue
    const fields = mapOf(node)
    const resolution = scalarOf(fields.get('resolution'))
    if (resolution === '') throw new UnreadableFile(`the entry ${key.slice(0, 80)} has no resolution`, node.line)
    for (const descriptor of key.split(', ')) {
      versions.set(descriptor, scalarOf(fields.get('version')))
      held.add(descriptor.slice(0, descriptor.indexOf('@', 1)))
    }
    for (const [name, { line }] of mapOf(fields.get('dependencies'))) needed.set(name, line)
    entries.push(entryOf(resolution, fields, node.line))
  }
  refuseHalf(needed, held)
  for (const [, node] of root) {
    const fields = mapOf(node)
    const member = /@workspace:(.*)$/.exec(scalarOf(fields.get('resolution')))?.[1]
    if (member === undefined) continue
    importers.set(member === '.' ? '' : member, directOf(fields, versions))
  }
  return { format: `yarn.lock v${scalarOf(mapOf(metadata).get('version'))}`, ecosystem: 'npm', entries, importers }
}

function directOf(fields: ReadonlyMap<string, YamlNode>, versions: Map<string, string>): Map<string, string> {
  const direct = new Map<string, string>()
  for (const [name, range] of mapOf(fields.get('dependencies'))) {
    const written = scalarOf(range)
    direct.set(name, versions.get(`${name}@${written}`) ?? versions.get(`${name}@npm:${written}`) ?? '')
  }
  return direct
}

function entryOf(resolution: string, fields: ReadonlyMap<string, YamlNode>, line: number): LockEntry {
  const at = resolution.indexOf('@', 1)
  const name = at === -1 ? resolution : resolution.slice(0, at)
  const reference = at === -1 ? '' : resolution.slice(at + 1)
  const { source, commit } = sourceOf(reference)
  return lockEntry({
    ecosystem: 'npm',
    name,
    version: scalarOf(fields.get('version')),
    line,
    source,
    commit,
    address: addressOf(reference),
    hashes: [scalarOf(fields.get('checksum'))],
    // Yarn writes no checksum for packages of other platforms than the one it ran on.
    excused: fields.has('conditions'),
  })
}

/** Packages of the configured registry have no address; another archive's is a parameter, anything else is one itself. */
function addressOf(reference: string): string {
  const archive = /__archiveUrl=([^&]+)/.exec(reference)?.[1]
  if (archive === undefined) return /^(?:https?|git|ssh)[+:@]/.test(reference) ? reference : ''
  try {
    return decodeURIComponent(archive)
  } catch {
    return archive
  }
}

function sourceOf(reference: string): { source: SourceKind; commit: string } {
  if (reference.startsWith('workspace:')) return { source: 'workspace', commit: '' }
  // A patched package is its original plus a file of the repository; the original has an entry of its own.
  if (reference.startsWith('patch:') || reference.startsWith('exec:')) return { source: 'path', commit: '' }
  if (reference.startsWith('npm:') || reference.startsWith('virtual:')) return { source: 'registry', commit: '' }
  return npmSource(reference)
}
