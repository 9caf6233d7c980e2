/** Dependabot's configuration, read as strictly as GitHub reads it: what it finds invalid switches everything off. */
import { globMatches, plainPath } from './glob.ts'
import { lineAt, type Place } from './lines.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'
import { childOf, itemsOf, readYaml, textOf, type YamlMap, type YamlNode, type YamlSeq } from './yaml.ts'

export type UpdateEntry = {
  ecosystem: string
  /** `directory` and `directories` as written. */
  directories: string[]
  /** Why it makes no updates; null where it does. */
  off: string | null
  excluded: string[]
  /** The schedule that counts: the entry's own, or that of the group of ecosystems that it joins. */
  schedule: YamlNode | undefined
  /** The group of ecosystems (`multi-ecosystem-group`) that it joins, or null. */
  joins: string | null
  node: YamlMap
  place: Place
}
export type DependabotConfig = {
  file: SourceFile
  /** The `.yaml` beside a `.yml`, which GitHub does not read. */
  ignored: string | null
  /** Why GitHub refuses the whole file, and where; null where it is valid. */
  invalid: { words: string; place: Place } | null
  entries: UpdateEntry[]
  /** The `updates` list, where there is one: a fix appends to it. */
  updates: YamlSeq | null
}

const KNOWN = new Set(
  `bazel bun bundler cargo composer conda deno devcontainers docker docker-compose dotnet-sdk elm github-actions gitsubmodule
  gomod gradle helm julia maven mix nix npm nuget opentofu pip pre-commit pub rust-toolchain sbt swift terraform uv vcpkg`.split(
    /\s+/,
  ),
)

/** null where the repository has no Dependabot configuration. */
export function dependabotOf(repo: Snapshot): DependabotConfig | null {
  const [file, second] = ['.github/dependabot.yml', '.github/dependabot.yaml'].flatMap(
    path => repo.files.get(path) ?? [],
  )
  if (!file) return null
  const ignored = second?.path ?? null
  const refuse = (words: string, start: number, end = start + 1): DependabotConfig => {
    return { file, ignored, invalid: { words, place: { file, start, end } }, entries: [], updates: null }
  }
  const read = readYaml(file)
  if (!read.ok) return refuse(`not YAML: ${read.reason}`, offsetOfLine(file, read.line))
  const { root } = read
  if (root.kind !== 'map') return refuse('not a YAML mapping', root.start)
  const version = childOf(root, 'version')
  if (!version) return refuse('`version: 2` is missing', root.start)
  if (version.kind !== 'scalar' || Number(version.text) !== 2)
    return refuse('`version` is not 2', version.start, version.end)
  const updates = childOf(root, 'updates')
  if (updates?.kind !== 'seq') return refuse('`updates` is not a list', updates?.start ?? version.start)
  const entries: UpdateEntry[] = []
  for (const item of updates.items) {
    const fault = faultOf(item, root)
    if (fault) return refuse(`${fault} (line ${lineAt(file, item.start)})`, item.start)
    entries.push(entryFrom(item as YamlMap, root, file))
  }
  return { file, ignored, invalid: null, entries, updates }
}

function offsetOfLine(file: SourceFile, line: number): number {
  let at = 0
  for (let count = 1; count < line; count++) at = file.text.indexOf('\n', at) + 1
  return at
}

function faultOf(item: YamlNode, root: YamlMap): string | null {
  if (item.kind !== 'map') return 'an update entry is not a mapping'
  const ecosystem = textOf(childOf(item, 'package-ecosystem'))
  if (ecosystem === undefined) return 'an update entry has no `package-ecosystem`'
  if (!KNOWN.has(ecosystem)) return `\`${ecosystem}\` is no ecosystem that Dependabot knows`
  if (directoriesOf(item).length === 0)
    return `the entry for ${ecosystem} has neither \`directory\` nor \`directories\``
  const interval = textOf(childOf(scheduleOf(item, root), 'interval'))
  return interval === undefined ? `the entry for ${ecosystem} has no \`schedule.interval\`` : null
}

function scheduleOf(item: YamlMap, root: YamlMap): YamlNode | undefined {
  const group = textOf(childOf(item, 'multi-ecosystem-group'))
  const shared = group === undefined ? undefined : childOf(childOf(root, 'multi-ecosystem-groups'), group)
  return [shared, item].map(one => childOf(one, 'schedule')).find(schedule => textOf(childOf(schedule, 'interval')))
}

function entryFrom(node: YamlMap, root: YamlMap, file: SourceFile): UpdateEntry {
  const excluded = itemsOf(childOf(node, 'exclude-paths')).flatMap(path => textOf(path) ?? [])
  return {
    ecosystem: textOf(childOf(node, 'package-ecosystem')) ?? '',
    directories: directoriesOf(node),
    off: whyOff(node),
    excluded,
    schedule: scheduleOf(node, root),
    joins: textOf(childOf(node, 'multi-ecosystem-group')) ?? null,
    node,
    place: { file, start: node.start, end: node.end },
  }
}

function directoriesOf(node: YamlMap): string[] {
  return [childOf(node, 'directory'), childOf(node, 'directories')].flatMap(itemsOf).flatMap(item => textOf(item) ?? [])
}

function whyOff(node: YamlMap): string | null {
  if (textOf(childOf(node, 'open-pull-requests-limit')) === '0') return '`open-pull-requests-limit: 0`'
  const everything = itemsOf(childOf(node, 'ignore')).some(rule => {
    return (
      textOf(childOf(rule, 'dependency-name')) === '*' && !childOf(rule, 'versions') && !childOf(rule, 'update-types')
    )
  })
  return everything ? '`ignore` of every dependency' : null
}

/** True where the entry's directories take the directory: exactly, or by a glob. No glob takes the root. */
export function takesDirectory(entry: UpdateEntry, directory: string): boolean {
  const wanted = plainPath(directory)
  return entry.directories.some(written => {
    const plain = plainPath(written)
    if (plain === wanted) return true
    if (wanted === '' || !/[*?{]/.test(plain)) return false
    // `packages/**` means what lies below; the library that Dependabot uses does not count the folder itself.
    return globMatches(plain.endsWith('**') ? `${plain}/*` : plain, wanted)
  })
}

/** True where `exclude-paths` keeps the manifest out; the paths are relative to the entry's directory. */
export function excludesManifest(entry: UpdateEntry, directory: string, path: string): boolean {
  const inside = plainPath(path).slice(plainPath(directory) === '' ? 0 : plainPath(directory).length + 1)
  return entry.excluded.some(glob => globMatches(glob, inside) || globMatches(`${plainPath(glob)}/**/*`, inside))
}
