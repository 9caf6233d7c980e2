/** The YAML locks of Dart, CocoaPods, Helm and conda. */
import { fileOrigins } from './file-origins.ts'
import { type LockContent, type LockEntry, lockEntry, refuseCut, type SourceKind, UnreadableFile } from './lockfile.ts'
import { itemsOf, mapOf, parseYaml, scalarOf } from './yaml.ts'

export function readPubspecLock(text: string): LockContent {
  const root = mapOf(parseYaml(text))
  if (!root.has('packages') && !root.has('sdks')) throw new UnreadableFile('has neither packages nor sdks', 1)
  refuseCut(root.has('sdks'), 'its `sdks`', text)
  const direct = new Map<string, string>()
  const entries: LockEntry[] = []
  for (const [name, node] of mapOf(root.get('packages'))) {
    const fields = mapOf(node)
    const description = mapOf(fields.get('description'))
    const version = scalarOf(fields.get('version'))
    if (scalarOf(fields.get('dependency')).startsWith('direct')) direct.set(name, version)
    entries.push(
      lockEntry({
        ecosystem: 'pub',
        name,
        version,
        line: node.line,
        source: pubSource(scalarOf(fields.get('source'))),
        commit: scalarOf(description.get('resolved-ref')),
        address: scalarOf(fields.get('source')) === 'path' ? '' : scalarOf(description.get('url')),
        hashes: [scalarOf(description.get('sha256'))].filter(Boolean),
      }),
    )
  }
  return { format: 'pubspec.lock', ecosystem: 'pub', entries, importers: new Map([['', direct]]) }
}

/** `sdk` packages come with the SDK itself. */
function pubSource(source: string): SourceKind {
  if (source === 'git') return 'git'
  return source === 'path' || source === 'sdk' ? 'path' : 'registry'
}

/**
 * `Podfile.lock`: a SHA-1 of the podspec is all there is for pods of a repository. Subspecs are parts of one pod, which
 * need not stand there by itself.
 */
export function readPodfileLock(text: string): LockContent {
  const root = mapOf(parseYaml(text))
  if (!root.has('PODS') && !root.has('COCOAPODS')) throw new UnreadableFile('has neither PODS nor COCOAPODS', 1)
  refuseCut(root.has('SPEC CHECKSUMS') || root.has('COCOAPODS'), 'its SPEC CHECKSUMS', text)
  const checksums = mapOf(root.get('SPEC CHECKSUMS'))
  const external = mapOf(root.get('EXTERNAL SOURCES'))
  const checkouts = mapOf(root.get('CHECKOUT OPTIONS'))
  const direct = new Map<string, string>()
  const entries = new Map<string, LockEntry>()
  for (const item of itemsOf(root.get('PODS'))) {
    const [written, line] =
      typeof item.value === 'string' ? [item.value, item.line] : [mapOf(item).keys().next().value ?? '', item.line]
    const [, name, version] = /^([^\s/]+)\S*(?: \(([^)]*)\))?$/.exec(written.trim()) ?? []
    if (name === undefined || entries.has(name)) continue
    const origin = mapOf(external.get(name))
    const commit = scalarOf(mapOf(checkouts.get(name)).get(':commit'))
    const source: SourceKind = origin.has(':path') ? 'path' : origin.has(':git') ? 'git' : 'registry'
    const checksum = scalarOf(checksums.get(name))
    entries.set(
      name,
      lockEntry({
        ecosystem: 'cocoapods',
        name,
        version: version ?? '',
        line,
        source,
        commit,
        hashes: checksum === '' ? [] : [checksum],
      }),
    )
  }
  for (const item of itemsOf(root.get('DEPENDENCIES'))) direct.set(scalarOf(item).replace(/[ /].*$/, ''), '')
  return {
    format: 'Podfile.lock',
    ecosystem: 'cocoapods',
    entries: [...entries.values()],
    importers: new Map([['', direct]]),
  }
}

/** `Chart.lock`: exact versions; its digest is of the list of dependencies, not of what is fetched. */
export function readChartLock(text: string): LockContent {
  const root = mapOf(parseYaml(text))
  if (!root.has('dependencies')) throw new UnreadableFile('has no dependencies', 1)
  refuseCut(root.has('digest') || root.has('generated'), 'its digest', text)
  const entries = itemsOf(root.get('dependencies')).map(item => {
    const fields = mapOf(item)
    const local = /^(?:file:|$)/.test(scalarOf(fields.get('repository')))
    return lockEntry({
      ecosystem: 'helm',
      name: scalarOf(fields.get('name')),
      version: scalarOf(fields.get('version')),
      line: item.line,
      source: local ? 'path' : 'registry',
      address: local ? '' : scalarOf(fields.get('repository')),
    })
  })
  return {
    format: 'Chart.lock',
    ecosystem: 'helm',
    entries,
    importers: new Map([['', new Map(entries.map(entry => [entry.name, entry.version]))]]),
  }
}

/** `conda-lock.yml`: conda and pip packages, one entry a platform. */
export function readCondaLock(text: string): LockContent {
  const root = mapOf(parseYaml(text))
  if (!root.has('package')) throw new UnreadableFile('has no "package" list', 1)
  const entries = itemsOf(root.get('package')).map(item => {
    const fields = mapOf(item)
    const hash = mapOf(fields.get('hash'))
    const sha256 = scalarOf(hash.get('sha256'))
    const md5 = scalarOf(hash.get('md5'))
    const byPip = scalarOf(fields.get('manager')) === 'pip'
    const url = scalarOf(fields.get('url'))
    const files = byPip ? fileOrigins([url]) : []
    const hashes = sha256 === '' ? (md5 === '' ? [] : [`md5:${md5}`]) : [sha256]
    return lockEntry({
      ecosystem: byPip ? 'pypi' : 'conda',
      name: scalarOf(fields.get('name')),
      version: scalarOf(fields.get('version')),
      line: item.line,
      // Of a package by pip its file is known and not its index.
      address: files.length > 0 ? '' : url,
      files,
      hashes,
    })
  })
  return { format: 'conda-lock.yml', ecosystem: 'conda', entries, importers: null }
}
