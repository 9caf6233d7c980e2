/** The TOML locks of Python: `uv.lock`, `poetry.lock` (hashes in two places over time), `pdm.lock`, `pylock*.toml`. */
import { fileOrigins } from './file-origins.ts'
import { isObject, type Json, listOf, objectOf, textOf } from './json.ts'
import {
  type LockContent,
  type LockEntry,
  lockEntry,
  refuseCut,
  refuseHalf,
  type SourceKind,
  UnreadableFile,
} from './lockfile.ts'
import { headerLine, headerLines, parseToml } from './toml.ts'

type Source = { source: SourceKind; commit: string }

const REGISTRY: Source = { source: 'registry', commit: '' }

export function readUvLock(text: string): LockContent {
  const root = parseToml(text)
  if (root.version === undefined) throw new UnreadableFile('has no version', 1)
  const lines = headerLines(text, 'package')
  const importers = new Map<string, Map<string, string>>()
  const packages = listOf(root.package).map(objectOf)
  const versions = new Map(packages.map(fields => [textOf(fields.name), textOf(fields.version)]))
  const entries = packages.map((fields, index) => {
    const origin = uvSource(objectOf(fields.source))
    const member = uvMember(objectOf(fields.source))
    if (member !== null) importers.set(member, uvDirect(fields, versions))
    const from = objectOf(fields.source)
    const address = textOf(from.registry) || textOf(from.git) || textOf(from.url)
    const files = uvFiles(fields)
    const hashes = files.map(file => textOf(file.hash))
    return pythonEntry(fields, headerLine(lines, index), origin, hashes, address, addressesOf(files))
  })
  refuseHalf(uvNeeds(packages, lines), versions)
  return { format: 'uv.lock', ecosystem: 'pypi', entries, importers }
}

/** Every package that another one needs, at the line of that other one. */
function uvNeeds(packages: readonly Json[], lines: readonly number[]): Map<string, number> {
  const needed = new Map<string, number>()
  packages.forEach((fields, index) => {
    for (const name of uvDirect(fields, new Map()).keys()) needed.set(name, headerLine(lines, index))
  })
  return needed
}

function uvMember(source: Json): string | null {
  const path = textOf(source.editable) || textOf(source.virtual)
  if (path === '') return null
  return path === '.' ? '' : path.replace(/^\.\//, '')
}

function uvSource(source: Json): Source {
  if (textOf(source.git) !== '') return { source: 'git', commit: afterHash(textOf(source.git)) }
  if (textOf(source.url) !== '') return { source: 'url', commit: '' }
  if (source.editable !== undefined || source.virtual !== undefined) return { source: 'workspace', commit: '' }
  if (source.directory !== undefined || source.path !== undefined) return { source: 'path', commit: '' }
  return REGISTRY
}

function uvFiles(fields: Json): Json[] {
  return [fields.sdist, ...listOf(fields.wheels)].filter(isObject)
}

function addressesOf(files: readonly Json[]): string[] {
  return fileOrigins(files.map(file => textOf(file.url)))
}

function uvDirect(fields: Json, versions: Map<string, string>): Map<string, string> {
  const groups = [
    fields.dependencies,
    ...Object.values(objectOf(fields['optional-dependencies'])),
    ...Object.values(objectOf(fields['dev-dependencies'])),
  ]
  const names = groups.flatMap(listOf).map(item => objectOf(item))
  return new Map(
    names.map(item => [textOf(item.name), textOf(item.version) || (versions.get(textOf(item.name)) ?? '')]),
  )
}

export function readPoetryLock(text: string): LockContent {
  const root = parseToml(text)
  if (root.metadata === undefined && root.package === undefined)
    throw new UnreadableFile('has neither packages nor metadata', 1)
  refuseCut(root.metadata !== undefined, '`[metadata]`', text)
  const lines = headerLines(text, 'package')
  const metadata = objectOf(root.metadata)
  // Before Poetry 1.5 the hashes stood under metadata, in its first years as bare lists.
  const apart = new Map([...Object.entries(objectOf(metadata.files)), ...Object.entries(objectOf(metadata.hashes))])
  const entries = listOf(root.package).map((item, index) => {
    const fields = objectOf(item)
    const source = objectOf(fields.source)
    const hashes = [...fileHashes(fields.files), ...fileHashes(apart.get(textOf(fields.name)))]
    return pythonEntry(fields, headerLine(lines, index), poetrySource(source), hashes, textOf(source.url))
  })
  return { format: 'poetry.lock', ecosystem: 'pypi', entries, importers: null }
}

function poetrySource(source: Json): Source {
  const type = textOf(source.type)
  if (type === 'git') return { source: 'git', commit: textOf(source.resolved_reference) || textOf(source.reference) }
  if (type === 'directory' || type === 'file') return { source: 'path', commit: '' }
  if (type === 'url') return { source: 'url', commit: '' }
  return REGISTRY
}

export function readPdmLock(text: string): LockContent {
  const root = parseToml(text)
  if (root.metadata === undefined && root.package === undefined)
    throw new UnreadableFile('has neither packages nor metadata', 1)
  const lines = headerLines(text, 'package')
  const apart = new Map(Object.entries(objectOf(objectOf(root.metadata).files)))
  const entries = listOf(root.package).map((item, index) => {
    const fields = objectOf(item)
    const hashes = [
      ...fileHashes(fields.files),
      ...fileHashes(apart.get(`${textOf(fields.name)} ${textOf(fields.version)}`)),
    ]
    const address = textOf(fields.git) || textOf(fields.url)
    return pythonEntry(fields, headerLine(lines, index), pdmSource(fields), hashes, address)
  })
  return { format: 'pdm.lock', ecosystem: 'pypi', entries, importers: null }
}

function pdmSource(fields: Json): Source {
  if (textOf(fields.git) !== '') return { source: 'git', commit: textOf(fields.revision) }
  if (textOf(fields.path) !== '') return { source: 'path', commit: '' }
  return textOf(fields.url) === '' ? REGISTRY : { source: 'url', commit: '' }
}

export function readPylock(text: string): LockContent {
  const root = parseToml(text)
  if (root['lock-version'] === undefined) throw new UnreadableFile('has no lock-version', 1)
  const lines = headerLines(text, 'packages')
  const entries = listOf(root.packages).map((item, index) => {
    const fields = objectOf(item)
    const files = [fields.sdist, ...listOf(fields.wheels)].filter(isObject)
    const archive = objectOf(fields.archive)
    const hashes = [archive, ...files].flatMap(file =>
      Object.entries(objectOf(file.hashes)).map(([kind, value]) => `${kind}:${textOf(value)}`),
    )
    const address = textOf(fields.index) || textOf(archive.url) || textOf(objectOf(fields.vcs).url)
    return pythonEntry(fields, headerLine(lines, index), pylockSource(fields), hashes, address, addressesOf(files))
  })
  return { format: 'pylock.toml', ecosystem: 'pypi', entries, importers: null }
}

function pylockSource(fields: Json): Source {
  if (isObject(fields.vcs)) return { source: 'git', commit: textOf(fields.vcs['commit-id']) }
  if (isObject(fields.directory)) return { source: 'path', commit: '' }
  return isObject(fields.archive) ? { source: 'url', commit: '' } : REGISTRY
}

function pythonEntry(
  fields: Json,
  line: number,
  origin: Source,
  hashes: readonly string[],
  address: string,
  files: readonly string[] = [],
): LockEntry {
  return lockEntry({
    ecosystem: 'pypi',
    name: textOf(fields.name),
    version: textOf(fields.version),
    line,
    ...origin,
    address: origin.source === 'path' || origin.source === 'workspace' ? '' : address,
    files,
    hashes: hashes.filter(Boolean),
  })
}

function fileHashes(value: unknown): string[] {
  return listOf(value).map(item => (typeof item === 'string' ? item : textOf(objectOf(item).hash)))
}

function afterHash(address: string): string {
  const at = address.lastIndexOf('#')
  return at === -1 ? '' : address.slice(at + 1)
}
