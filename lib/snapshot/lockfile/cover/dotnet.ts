/** .NET projects with PackageReference and packages.config, with central package management, against packages.lock.json. */
import { ancestorsOf, type Dependency, folderOf, inFolder, manifestFiles } from '../../manifest/manifest.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { UnreadableFile } from '../lockfile.ts'
import { lockAt } from '../read.ts'
import { childText, descendantsOf, parseXml, type XmlNode } from '../xml.ts'
import { type Asked, byLock, floating, type Judgement, locked, namesOf, unknown } from './judgement.ts'

const ADVICE =
  'Set RestorePackagesWithLockFile to true (in Directory.Build.props), run `dotnet restore` and commit packages.lock.json.'

export function judgeDotnet(repo: Snapshot): Judgement[] {
  const files = manifestFiles(repo, name => /\.(?:cs|fs|vb)proj$/.test(name) || name === 'packages.config')
  return files.flatMap(file => {
    try {
      const judged = judge(repo, file)
      return judged === null ? [] : [judged]
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      return [
        { state: 'unknown', manifest: file.path, path: file.path, reason: `${error.message} (line ${error.line})` },
      ]
    }
  })
}

function judge(repo: Snapshot, file: SourceFile): Judgement | null {
  const root = parseXml(file.text)
  const isConfig = file.path.endsWith('packages.config')
  const dependencies = isConfig ? configPackages(root) : references(repo, file, root)
  if (dependencies.length === 0) return null
  const asked: Asked = { file, dependencies, advice: ADVICE }
  const folder = folderOf(file.path)
  const read = isConfig ? null : (lockAt(repo, inFolder(folder, 'packages.lock.json')) ?? namedLock(repo, folder, root))
  if (read !== null && !read.ok) return unknown(file, read)
  if (read !== null) {
    const direct = read.lock.importers?.get('')
    return byLock(
      asked,
      read.lock,
      ({ name }) => (direct?.has(name.toLowerCase()) ? null : 'is absent from it'),
      ADVICE,
    )
  }
  const loose = dependencies.filter(({ constraint }) => isFloating(constraint))
  const first = loose[0]
  if (first !== undefined)
    return floating(file, first.line, `\`${file.path}\` does not fix the version of ${namesOf(loose)}. ${ADVICE}`)
  return locked(
    file,
    dependencies[0]?.line ?? 1,
    `\`${file.path}\` fixes versions without hashes: ${namesOf(dependencies)}. ${isConfig ? 'Move to PackageReference. ' : ''}${ADVICE}`,
  )
}

function namedLock(repo: Snapshot, folder: string, root: XmlNode) {
  const path = descendantsOf(root, 'NuGetLockFilePath')[0]?.text.replaceAll('\\', '/')
  return path === undefined || path.includes('$') || path.includes('..') ? null : lockAt(repo, inFolder(folder, path))
}

function configPackages(root: XmlNode): Dependency[] {
  return descendantsOf(root, 'package').map(({ attributes, line }) => ({
    name: attributes.id ?? '',
    constraint: attributes.version ?? '',
    line,
    source: 'registry',
    optional: false,
  }))
}

function references(repo: Snapshot, file: SourceFile, root: XmlNode): Dependency[] {
  const above = ancestorsOf(folderOf(file.path)).flatMap(folder =>
    ['Directory.Packages.props', 'Directory.Build.props'].map(name => shared(repo.files.get(inFolder(folder, name)))),
  )
  const central = new Map(
    above.flatMap(found => found.versions).map(found => [found.name.toLowerCase(), found.version]),
  )
  const properties = new Map([...propertiesOf(root), ...above.flatMap(found => [...found.properties])])
  return descendantsOf(root, 'PackageReference').flatMap((node): Dependency[] => {
    const name = node.attributes.Include
    if (name === undefined || name.includes('$(')) return []
    const written = versionOf(node) || (central.get(name.toLowerCase()) ?? '')
    return [
      {
        name,
        constraint: resolve(written, properties),
        line: node.line,
        source: 'registry',
        optional: isConditional(node),
      },
    ]
  })
}

type Shared = { versions: { name: string; version: string }[]; properties: Map<string, string> }

const sharedFiles = new WeakMap<SourceFile, Shared>()

/** A damaged props file makes its projects unreadable, with the file's reason. */
function shared(file: SourceFile | undefined): Shared {
  if (file === undefined) return { versions: [], properties: new Map() }
  const known = sharedFiles.get(file)
  if (known) return known
  const root = parseXml(file.text)
  const versions = descendantsOf(root, 'PackageVersion').map(node => ({
    name: node.attributes.Include ?? '',
    version: versionOf(node),
  }))
  const found = { versions, properties: propertiesOf(root) }
  sharedFiles.set(file, found)
  return found
}

function versionOf(node: XmlNode): string {
  const { VersionOverride, Version } = node.attributes
  return VersionOverride ?? Version ?? (childText(node, 'VersionOverride') || childText(node, 'Version'))
}

/** A lock is written for one set of conditions; what depends on one may be absent. */
function isConditional(node: XmlNode): boolean {
  return node.attributes.Condition !== undefined
}

function propertiesOf(root: XmlNode): Map<string, string> {
  return new Map(
    descendantsOf(root, 'PropertyGroup').flatMap(group =>
      group.children.map(child => [child.name, child.text] as const),
    ),
  )
}

function resolve(version: string, properties: ReadonlyMap<string, string>): string {
  return version.replace(/\$\(([\w.]+)\)/g, (whole, name: string) => properties.get(name) ?? whole)
}

/** `1.*`, `[1,2)`, `(,2]` float; `[1.2.3]` and a plain version do not; a property that is not here is not guessed. */
function isFloating(version: string): boolean {
  if (version.includes('*')) return true
  return /^[[(].*,/.test(version)
}
