/** `Cargo.lock`, versions 1 to 4: checksums beside the package, in version 1 under `[metadata]`. */
import { listOf, objectOf, textOf, textsOf } from './json.ts'
import { type LockContent, lockEntry, refuseHalf, type SourceKind, UnreadableFile } from './lockfile.ts'
import { headerLine, headerLines, parseToml } from './toml.ts'

export function readCargoLock(text: string): LockContent {
  const root = parseToml(text)
  // A crate without dependencies has a single package; version 1 kept the root apart.
  if (root.package === undefined && root.root === undefined && root.version === undefined)
    throw new UnreadableFile('has no packages', 1)
  const lines = headerLines(text, 'package')
  const metadata = objectOf(root.metadata)
  const packages = listOf(root.package).map(objectOf)
  const entries = packages.map((fields, index) => {
    const name = textOf(fields.name)
    const version = textOf(fields.version)
    const address = textOf(fields.source)
    const checksum = textOf(fields.checksum) || textOf(metadata[`checksum ${name} ${version} (${address})`])
    return lockEntry({
      ecosystem: 'cargo',
      name,
      version,
      line: headerLine(lines, index),
      source: sourceOf(address),
      address: address.replace(/^(?:registry|sparse)\+/, ''),
      commit: address.slice(address.indexOf('#') + 1),
      hashes: [checksum].filter(hash => hash !== '' && hash !== '<none>'),
    })
  })
  const needed = packages.flatMap((fields, index) =>
    textsOf(fields.dependencies).map(text => [text.replace(/ .*$/, ''), headerLine(lines, index)] as const),
  )
  refuseHalf(new Map(needed), new Set(entries.map(({ name }) => name)))
  return { format: `Cargo.lock v${String(root.version ?? 1)}`, ecosystem: 'cargo', entries, importers: null }
}

/** Packages without a source are members of the workspace or local paths. */
function sourceOf(address: string): SourceKind {
  if (address === '') return 'workspace'
  return address.startsWith('git+') ? 'git' : 'registry'
}
