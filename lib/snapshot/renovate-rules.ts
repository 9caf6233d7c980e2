/** What Renovate's configuration says of one kind of update: the last word of presets, file, manager and package rules. */
import { globMatches } from './glob.ts'
import { stringsOf, type Table, tableOf } from './workspaces.ts'

/** An update as a rule sees it. Absent: any condition on it leaves some out. */
export type UpdateKind = { manager: string; path: string; updateType?: string; depType?: string }

/** Where each manager looks versions up, for rules that name the source and not the manager. */
const DATASOURCES: Readonly<Record<string, readonly string[]>> = {
  npm: ['npm'],
  bun: ['npm'],
  pep621: ['pypi'],
  poetry: ['pypi'],
  pipenv: ['pypi'],
  pip_setup: ['pypi'],
  'setup-cfg': ['pypi'],
  pip_requirements: ['pypi'],
  'pip-compile': ['pypi'],
  cargo: ['crate'],
  gomod: ['go'],
  composer: ['packagist'],
  bundler: ['rubygems'],
  nuget: ['nuget'],
  maven: ['maven'],
  gradle: ['maven'],
  dockerfile: ['docker'],
  'docker-compose': ['docker'],
  'github-actions': ['github-tags', 'github-releases', 'github-digest'],
  helmv3: ['helm', 'docker'],
}

export function lastOf(layers: readonly Table[], key: string): unknown {
  return layers.findLast(layer => layer[key] !== undefined)?.[key]
}

/** The value of a setting for this kind of update; undefined where nothing sets it, null where something takes it back. */
export function renovateSetting(layers: readonly Table[], key: string, kind: UpdateKind): unknown {
  const values = [lastOf(layers, key), lastOf(tablesAt(layers, kind.manager), key)]
  for (const rule of layers.flatMap(packageRules)) {
    if (rule[key] !== undefined && takesAll(rule, kind)) values.push(rule[key])
  }
  if (kind.updateType !== undefined) values.push(lastOf(tablesAt(layers, kind.updateType), key))
  return values.findLast(value => value !== undefined)
}

function tablesAt(layers: readonly Table[], key: string): Table[] {
  return layers.map(layer => tableOf(layer[key])).filter(table => table !== null)
}

export function packageRules(layer: Table): Table[] {
  return (Array.isArray(layer.packageRules) ? layer.packageRules : []).map(tableOf).filter(table => table !== null)
}

/** True where a rule is about this manager or this path, even if only about some of its dependencies. */
export function names({ matchManagers, matchFileNames, matchPaths }: Table, manager: string, path: string): boolean {
  const paths = [...stringsOf(matchFileNames), ...stringsOf(matchPaths)]
  if (paths.length > 0 && !takes(paths, path)) return false
  return matchManagers === undefined ? paths.length > 0 : takes(stringsOf(matchManagers), manager)
}

/** A list of globs: one has to match where any is positive, and none that begins with `!` may. */
function takes(globs: readonly string[], text: string): boolean {
  const out = globs.filter(glob => glob.startsWith('!'))
  const wanted = globs.filter(glob => !glob.startsWith('!'))
  if (out.some(glob => globMatches(glob.slice(1), text))) return false
  return wanted.length === 0 ? out.length > 0 : wanted.some(glob => globMatches(glob, text))
}

/** True where a rule takes every update of this kind: any other condition leaves some of them out. */
export function takesAll(rule: Table, kind: UpdateKind): boolean {
  return Object.entries(rule).every(
    ([key, value]) => !/^(?:match|exclude)/.test(key) || conditionHolds(key, value, kind),
  )
}

function conditionHolds(key: string, value: unknown, kind: UpdateKind): boolean {
  const values = stringsOf(value)
  switch (key) {
    case 'matchManagers':
      return takes(values, kind.manager)
    case 'matchDatasources':
      return DATASOURCES[kind.manager]?.every(source => values.includes(source)) === true
    case 'matchFileNames':
    case 'matchPaths':
      return takes(values, kind.path)
    case 'matchPackageNames':
    case 'matchDepNames':
      // Beside "everything" a few names may be taken out, which is a person's decision about those.
      return values.some(isEverything) && values.every(one => isEverything(one) || one.startsWith('!'))
    case 'matchPackagePatterns':
    case 'matchDepPatterns':
      return values.length === 1 && /^(?:\*|\.\*|\^?\.\*\$?)$/.test(values[0] ?? '')
    case 'excludePackageNames':
    case 'excludePackagePatterns':
    case 'excludeDepNames':
      return kind.updateType !== undefined
    case 'matchUpdateTypes':
      return kind.updateType !== undefined && values.includes(kind.updateType)
    case 'matchDepTypes':
      return kind.depType !== undefined && takes(values, kind.depType)
    case 'matchCurrentVersion':
      // Versions below 1 promise nothing; leaving them out still takes what is released.
      return (
        kind.updateType !== undefined &&
        values.length === 1 &&
        /^(?:!\/\^[~^]?0\/|>= ?(?:0|1)(?:\.0)*)$/.test(values[0] ?? '')
      )
    default:
      return false
  }
}

function isEverything(glob: string): boolean {
  return /^(?:\*{1,2}|\/(?:\^?\.\*\$?)?\/)$/.test(glob)
}
