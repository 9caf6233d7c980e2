import { isObject, type Json, objectOf, textOf, textsOf } from '../lockfile/json.ts'
import { parseToml } from '../lockfile/toml.ts'
import type { SourceFile } from '../snapshot.ts'
import type { Dependency } from './manifest.ts'

/** `members` null where it is no workspace root; `shared`: what members inherit with `workspace = true`. */
export type CargoToml = {
  name: string
  dependencies: Dependency[]
  members: string[] | null
  exclude: string[]
  shared: ReadonlyMap<string, Dependency>
}

const GROUPS = ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies', 'build_dependencies']

export function readCargoToml(file: SourceFile): CargoToml {
  const root = parseToml(file.text)
  const lines = file.text.split('\n')
  const workspace = objectOf(root.workspace)
  const scopes = [root, ...Object.values(objectOf(root.target)).map(objectOf)]
  const dependencies = scopes.flatMap(scope => GROUPS.flatMap(group => fromTable(objectOf(scope[group]), lines)))
  const shared = new Map(fromTable(objectOf(workspace.dependencies), lines, true).map(found => [found.name, found]))
  // A shared entry is inherited by its key, also where it names another package.
  for (const [key, value] of Object.entries(objectOf(workspace.dependencies))) {
    const found = shared.get(textOf(objectOf(value).package) || key)
    if (found !== undefined) shared.set(key, found)
  }
  return {
    name: textOf(objectOf(root.package).name),
    dependencies,
    members: isObject(root.workspace) ? textsOf(workspace.members) : null,
    exclude: textsOf(workspace.exclude),
    shared,
  }
}

function fromTable(table: Json, lines: readonly string[], isShared = false): Dependency[] {
  return Object.entries(table).map(([key, value]) => {
    const fields = objectOf(value)
    const constraint = typeof value === 'string' ? value : textOf(fields.version)
    return {
      name: fields.workspace === true ? key : textOf(fields.package) || key,
      constraint,
      line: lineOf(key, lines, isShared),
      source: sourceOf(fields),
      optional: false,
    }
  })
}

function sourceOf(fields: Json): Dependency['source'] {
  if (fields.workspace === true) return 'workspace'
  if (fields.path !== undefined) return 'path'
  return fields.git === undefined ? 'registry' : 'git'
}

function lineOf(key: string, lines: readonly string[], isShared: boolean): number {
  let inShared = false
  for (let index = 0; index < lines.length; index++) {
    const content = (lines[index] ?? '').trim()
    if (content.startsWith('[')) inShared = content.startsWith('[workspace.dependencies')
    if (inShared !== isShared) continue
    const rest = content.startsWith(`"${key}"`)
      ? content.slice(key.length + 2)
      : content.startsWith(key)
        ? content.slice(key.length)
        : null
    if (rest !== null && /^\s*[=.]/.test(rest)) return index + 1
    if (content.startsWith('[') && /dependencies\./.test(content) && content.replace(/["']/g, '').endsWith(`.${key}]`))
      return index + 1
  }
  return 1
}
