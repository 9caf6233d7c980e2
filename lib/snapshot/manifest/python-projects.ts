/** What Python projects declare: pyproject.toml (PEP 621, dependency groups, Poetry, PDM, uv), setup.py, setup.cfg, Pipfile. */
import { isObject, type Json, lineAt, objectOf, textOf, textsOf } from '../lockfile/json.ts'
import type { SourceKind } from '../lockfile/lockfile.ts'
import { parseToml } from '../lockfile/toml.ts'
import type { SourceFile } from '../snapshot.ts'
import type { Dependency } from './manifest.ts'
import { pythonName, readRequirement } from './requirements.ts'

export type PythonProject = { name: string; dependencies: Dependency[] }

export function readPyproject(file: SourceFile): PythonProject {
  const root = parseToml(file.text)
  const project = objectOf(root.project)
  const tool = objectOf(root.tool)
  const poetry = objectOf(tool.poetry)
  // PDM and the pip compilers lock the groups that they are asked to: only the main dependencies must be there.
  const groups = [
    ...Object.values(objectOf(project['optional-dependencies'])),
    ...Object.values(objectOf(root['dependency-groups'])),
    ...Object.values(objectOf(objectOf(tool.pdm)['dev-dependencies'])),
  ]
  const local = localSources(tool)
  const find = lineFinder(file.text)
  const written = [
    ...textsOf(project.dependencies).map(text => fromRequirement(text, false, find, local)),
    ...textsOf(objectOf(tool.uv)['dev-dependencies']).map(text => fromRequirement(text, true, find, local)),
    ...groups.flatMap(group => textsOf(group).map(text => fromRequirement(text, true, find, local))),
  ]
  const tables = [
    poetry.dependencies,
    poetry['dev-dependencies'],
    ...Object.values(objectOf(poetry.group)).map(group => objectOf(group).dependencies),
  ]
  const named = tables.flatMap(table => fromTable(objectOf(table), find))
  const dependencies = [...written.filter(found => found !== null), ...named]
  return { name: textOf(project.name) || textOf(poetry.name), dependencies }
}

export function readPipfile(file: SourceFile): PythonProject {
  const root = parseToml(file.text)
  const find = lineFinder(file.text)
  const tables = Object.entries(root).filter(
    ([key, value]) => isObject(value) && !['source', 'requires', 'scripts', 'pipenv', 'pipfile'].includes(key),
  )
  return { name: '', dependencies: tables.flatMap(([, table]) => fromTable(objectOf(table), find)) }
}

/** Only literal lists can be told, in place or under a name of the same file; what a program computes is not guessed. */
export function readSetupPy(file: SourceFile): PythonProject {
  const dependencies: Dependency[] = []
  for (const match of file.text.matchAll(/\binstall_requires\s*=\s*(?:\[|([A-Za-z_]\w{0,100})\b)/g)) {
    const open = match[1] === undefined ? match.index + match[0].length - 1 : listNamed(file.text, match[1])
    for (const item of open === -1 ? [] : literalsOf(file.text, open)) {
      const found = fromRequirement(item.text, false, () => lineAt(file.text, item.start), new Set())
      if (found !== null) dependencies.push(found)
    }
  }
  return { name: /\bname\s*=\s*["']([^"']+)["']/.exec(file.text)?.[1] ?? '', dependencies }
}

/** Where the list opens that a name is given; -1 where it is given none. */
function listNamed(text: string, name: string): number {
  const found = new RegExp(`^[ \\t]{0,200}${name}[ \\t]{0,20}=[ \\t]{0,20}\\[`, 'm').exec(text)
  return found === null ? -1 : found.index + found[0].length - 1
}

const LONGEST_LIST = 20_000

/** The string literals of a list; a bracket within a string or a comment closes none. */
function literalsOf(text: string, open: number): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = []
  const token = /#.*|(["'])((?:(?!\1)[^\\\n]){0,1000})\1|[\]]/g
  const list = text.slice(open, open + LONGEST_LIST)
  for (const match of list.matchAll(token)) {
    if (match[0] === ']') break
    if (match[2]) found.push({ text: match[2], start: open + match.index })
  }
  return found
}

export function readSetupCfg(file: SourceFile): PythonProject {
  const dependencies: Dependency[] = []
  let section = ''
  let key = ''
  file.text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/(^|\s)[#;].*$/, '').trimEnd()
    if (content === '') return
    const header = /^\[([^\]]+)\]/.exec(content)?.[1]
    const assignment = /^(\w[\w.-]*)\s*[=:](?!=)\s*(.*)$/.exec(content)
    let value = content.trim()
    if (header !== undefined) {
      section = header
      key = ''
      return
    }
    if (assignment?.[1] !== undefined) {
      key = assignment[1]
      value = assignment[2] ?? ''
    }
    const declares = (section === 'options' && key === 'install_requires') || section === 'options.extras_require'
    if (!declares || value === '' || value.startsWith('file:')) return
    const found = fromRequirement(value, section !== 'options', () => index + 1, new Set())
    if (found !== null) dependencies.push(found)
  })
  return { name: /^name\s*=\s*(\S+)/m.exec(file.text)?.[1] ?? '', dependencies }
}

type Find = (text: string) => number

function fromRequirement(text: string, optional: boolean, find: Find, local: ReadonlySet<string>): Dependency | null {
  const read = readRequirement(text.trim(), 0)
  if (read === null) return null
  // A marker may rule it out on every platform that the lock is for.
  const conditional = optional || text.includes(';')
  const source: SourceKind = local.has(pythonName(read.name)) ? 'path' : read.source
  return {
    name: read.name,
    constraint: read.source === 'registry' ? read.constraint : '',
    line: find(text),
    source,
    optional: conditional,
  }
}

function fromTable(table: Json, find: Find): Dependency[] {
  return Object.entries(table).flatMap(([name, value]): Dependency[] => {
    if (name.toLowerCase() === 'python') return []
    const fields = Array.isArray(value) ? objectOf(value[0]) : objectOf(value)
    const source: SourceKind =
      fields.path !== undefined
        ? 'path'
        : fields.git !== undefined
          ? 'git'
          : fields.url !== undefined
            ? 'url'
            : 'registry'
    const constraint = (typeof value === 'string' ? value : textOf(fields.version)).replace(/^\*$/, '')
    return [
      {
        name,
        constraint,
        line: find(name),
        source,
        optional: fields.optional === true || fields.markers !== undefined,
      },
    ]
  })
}

/** Names that uv takes from the repository itself. */
function localSources(tool: Json): Set<string> {
  const sources = objectOf(objectOf(tool.uv).sources)
  return new Set(
    Object.entries(sources)
      .filter(([, value]) => objectOf(value).workspace === true || objectOf(value).path !== undefined)
      .map(([name]) => pythonName(name)),
  )
}

/** The first line that writes a key or quotes a text; what only builds the project is no declaration. */
function lineFinder(text: string): Find {
  const lines = new Map<string, number>()
  let table = ''
  text.split('\n').forEach((content, index) => {
    table = /^\[[^\]]+\]/.exec(content)?.[0] ?? table
    if (table === '[build-system]' || content.length > 10_000) return
    const key = /^\s*["']?([\w.-]+)["']?\s*=/.exec(content)?.[1]
    const quoted = [...content.matchAll(/"([^"]+)"|'([^']+)'/g)].map(match => match[1] ?? match[2] ?? '')
    for (const word of key === undefined ? quoted : [key, ...quoted]) if (!lines.has(word)) lines.set(word, index + 1)
  })
  return wanted => lines.get(wanted) ?? 1
}
