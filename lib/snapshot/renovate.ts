/** Renovate's configuration as far as it switches managers or paths off. */
import JSON5 from 'json5'
import { globMatches, plainPath } from './glob.ts'
import { lineRange, type Place } from './lines.ts'
import { builtInPreset } from './renovate-presets.ts'
import { lastOf, names, packageRules, takesAll } from './renovate-rules.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'
import { jsonOf, stringsOf, type Table, tableOf } from './workspaces.ts'

export type RenovateConfig = {
  file: SourceFile
  /** Why Renovate refuses the file, and where; null where it is valid. */
  invalid: { words: string; place: Place } | null
  /** Every configuration that applies, a preset before what extends it. */
  layers: Table[]
  /** Presets of others that are not in the store: what they say is not known. */
  unopened: string[]
}

const NAMES = ['renovate.json', 'renovate.jsonc', 'renovate.json5'].flatMap(name => [
  name,
  `.github/${name}`,
  `.gitlab/${name}`,
])
const PATHS = [...NAMES, '.renovaterc', '.renovaterc.json', '.renovaterc.jsonc', '.renovaterc.json5']
const DEEPEST = 10
const LARGEST = 1024 * 1024
/** What Renovate leaves out where no configuration says otherwise. */
const IGNORED_BY_DEFAULT = ['**/node_modules/**', '**/bower_components/**']
/** Managers that do nothing until they are switched on. */
const OFF_BY_DEFAULT = new Set(['git-submodules', 'pre-commit', 'nix'])

/** null where the repository has no Renovate configuration. The first of the file names that exists is the one that is read. */
export function renovateOf(repo: Snapshot): RenovateConfig | null {
  for (const path of PATHS) {
    const file = repo.files.get(path)
    if (file) return fromFile(file, repo)
  }
  const file = repo.files.get('package.json')
  const own = tableOf(jsonOf(repo, 'package.json')?.renovate)
  return file && own ? { file, invalid: null, ...layersOf(own, repo) } : null
}

function fromFile(file: SourceFile, repo: Snapshot): RenovateConfig {
  const refuse = (words: string, line: number): RenovateConfig => {
    const { start, end } = lineRange(file, line)
    return { file, invalid: { words, place: { file, start, end: Math.max(end, start + 1) } }, layers: [], unopened: [] }
  }
  if (file.text.length > LARGEST) return refuse('larger than 1 MB', 1)
  try {
    const table = tableOf(JSON5.parse(file.text))
    return table ? { file, invalid: null, ...layersOf(table, repo) } : refuse('not a JSON object', 1)
  } catch (error) {
    const { message, lineNumber } = error as { message: string; lineNumber?: number }
    return refuse(message.replace(/^JSON5: /, '').replace(/ at \d+:\d+$/, '') || 'not JSON', lineNumber ?? 1)
  }
}

function layersOf(config: Table, repo: Snapshot): Pick<RenovateConfig, 'layers' | 'unopened'> {
  const unopened = new Set<string>()
  const ignored = new Set(stringsOf(config.ignorePresets))
  const open = (layer: Table, depth: number): Table[] => {
    if (depth > DEEPEST) return [layer]
    const below = stringsOf(layer.extends)
      .filter(name => !ignored.has(name))
      .slice(0, 100)
    const presets = below.flatMap(name => {
      const preset = presetOf(name, repo)
      if (!preset) unopened.add(name)
      return preset ? open(preset, depth + 1) : []
    })
    return [...presets, layer]
  }
  return { layers: open(config, 0).slice(0, 1000), unopened: [...unopened] }
}

/** A preset's content; null for one that is not in the store or cannot be read. */
function presetOf(name: string, repo: Snapshot): Table | null {
  const builtIn = builtInPreset(name)
  if (builtIn) return builtIn
  const match = /^(?:github|local)>([^/]+\/[^/:#]+)(?:\/\/([^:#]+)|:([^#(]+))?(?:#.*)?$/.exec(name)
  if (!match?.[1]) return null
  const file = match[2] ?? match[3] ?? 'default'
  const candidates = /\.json[5c]?$/.test(file)
    ? [file]
    : [`${file}.json`, `${file}.json5`, ...(file === 'default' ? ['renovate.json'] : [])]
  for (const candidate of candidates) {
    const text = repo.called.get(`${match[1]}/${candidate}`)
    if (text !== undefined) return parsedPreset(text)
  }
  return null
}

function parsedPreset(text: string): Table | null {
  try {
    return tableOf(JSON5.parse(text)) ?? {}
  } catch {
    // Another repository's fault: a preset that cannot be read is taken to switch off nothing.
    return null
  }
}

/** Why Renovate does not update a manifest of these managers; null where one of them does. */
export function whyRenovateSkips(config: RenovateConfig, managers: readonly string[], path: string): string | null {
  const { layers } = config
  const enabled = lastOf(layers, 'enabled')
  if (enabled === false) return '`enabled: false`'
  const only = lastOf(layers, 'includePaths')
  if (stringsOf(only).length > 0 && !matchesAny(stringsOf(only), path)) return '`includePaths`'
  const ignored = lastOf(layers, 'ignorePaths')
  const ignorePaths = ignored === undefined ? IGNORED_BY_DEFAULT : stringsOf(ignored)
  if (matchesAny(ignorePaths, path)) return '`ignorePaths` (its own or a preset’s)'
  const reasons = managers.map(manager => whyManagerSkips(layers, manager, path))
  return reasons.includes(null) ? null : (reasons[0] ?? null)
}

function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some(glob => {
    const plain = plainPath(glob)
    // Renovate takes an ignored path as a part of a path too.
    return plain !== '' && (globMatches(plain, path) || path.includes(plain))
  })
}

function whyManagerSkips(layers: readonly Table[], manager: string, path: string): string | null {
  const only = stringsOf(lastOf(layers, 'enabledManagers'))
  if (only.length > 0 && !only.includes(manager)) return '`enabledManagers`'
  let reason = OFF_BY_DEFAULT.has(manager) ? `the manager \`${manager}\`, which is off until it is enabled` : null
  for (const layer of layers) {
    const own = tableOf(layer[manager])
    if (own?.enabled === false) reason = `\`${manager}.enabled: false\``
    if (own?.enabled === true) reason = null
    if (matchesAny(stringsOf(own?.ignorePaths), path)) reason = `\`${manager}.ignorePaths\``
  }
  for (const layer of layers) {
    for (const rule of packageRules(layer)) {
      if (rule.enabled === false && takesAll(rule, { manager, path })) reason = 'a package rule with `enabled: false`'
      if (rule.enabled === true && (takesAll(rule, { manager, path }) || names(rule, manager, path))) reason = null
    }
  }
  return reason
}
