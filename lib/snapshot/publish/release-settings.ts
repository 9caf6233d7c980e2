/** The settings of the tools that release by a file: GoReleaser, JReleaser and semantic-release. */
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { joined, resolved } from '../workspaces.ts'
import { childOf, itemsOf, readYaml, textOf, type YamlNode } from '../yaml.ts'

/** `file`: where they stand; `node`: what they say. `unread`: named or present, and not to be read. */
export type Settings =
  | { state: 'read'; file: SourceFile; node: YamlNode }
  | { state: 'absent' | 'unread'; path: string }

const GORELEASER = [
  '.config/goreleaser.yml',
  '.config/goreleaser.yaml',
  '.goreleaser.yml',
  '.goreleaser.yaml',
  'goreleaser.yml',
  'goreleaser.yaml',
]
const JRELEASER = ['jreleaser.yml', 'jreleaser.yaml']
const SEMANTIC_RELEASE = ['.releaserc', '.releaserc.json', '.releaserc.yaml', '.releaserc.yml']
const SEMANTIC_RELEASE_CODE = /^(?:\.releaserc\.(?:js|cjs|mjs|ts)|release\.config\.(?:js|cjs|mjs|ts))$/

export function goreleaserSettings(repo: Snapshot, args: readonly string[], cwd: string | null): Settings {
  const at = args.findIndex(word => /^(?:-f|--config)$/.test(word))
  const named = at === -1 ? args.map(word => /^(?:--config|-f)=(.*)$/.exec(word)?.[1]).find(Boolean) : args[at + 1]
  if (named === undefined) return first(repo, cwd, GORELEASER)
  const path = resolved(cwd ?? '', named)
  return path === null || !repo.files.has(path) ? { state: 'unread', path: named } : read(repo, path)
}

export function jreleaserSettings(repo: Snapshot, cwd: string | null): Settings {
  return first(repo, cwd, JRELEASER)
}

/** Without a file of its own they may stand in package.json, and may be code, which is never run. */
export function semanticReleaseSettings(repo: Snapshot, cwd: string | null): Settings {
  const found = first(repo, cwd, SEMANTIC_RELEASE)
  if (found.state !== 'absent') return found
  const own = first(repo, cwd, ['package.json'])
  const release = own.state === 'read' ? childOf(own.node, 'release') : undefined
  if (own.state === 'read' && release?.kind === 'map') return { ...own, node: release }
  const code = repo.tree.find(({ path }) => SEMANTIC_RELEASE_CODE.test(path.slice(path.lastIndexOf('/') + 1)))
  return code ? { state: 'unread', path: code.path } : { state: 'absent', path: found.path }
}

function first(repo: Snapshot, cwd: string | null, names: readonly string[]): Settings {
  const paths = [...new Set([cwd ?? '', ''])].flatMap(folder => names.map(name => joined(folder, name)))
  const path = paths.find(one => repo.files.has(one))
  return path === undefined ? { state: 'absent', path: paths[0] ?? '' } : read(repo, path)
}

function read(repo: Snapshot, path: string): Settings {
  const file = repo.files.get(path)
  const parsed = file && readYaml(file)
  return file && parsed?.ok ? { state: 'read', file, node: parsed.root } : { state: 'unread', path }
}

/** The names of semantic-release's plugins with their options; its own four where the settings name none. */
export function semanticReleasePlugins(settings: Settings): Map<string, YamlNode | undefined> {
  const node = settings.state === 'read' ? childOf(settings.node, 'plugins') : undefined
  const own = ['commit-analyzer', 'release-notes-generator', 'npm', 'github'].map(name => `@semantic-release/${name}`)
  if (node === undefined) return new Map(own.map(name => [name, undefined]))
  return new Map(
    itemsOf(node).flatMap(item => {
      const [name, options] = item.kind === 'seq' ? item.items : [item]
      const text = textOf(name)
      return text === undefined ? [] : [[text, options] as const]
    }),
  )
}
