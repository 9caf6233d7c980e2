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
  const lines = keyLinesOf(file.text, false)
  const sharedLines = keyLinesOf(file.text, true)
  const workspace = objectOf(root.workspace)
  const scopes = [root, ...Object.values(objectOf(root.target)).map(objectOf)]
  const dependencies = scopes.flatMap(scope => GROUPS.flatMap(group => fromTable(objectOf(scope[group]), lines)))
  const shared = new Map(fromTable(objectOf(workspace.dependencies), sharedLines).map(found => [found.name, found]))
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

function fromTable(table: Json, lines: ReadonlyMap<string, number>): Dependency[] {
  return Object.entries(table).map(([key, value]) => {
    const fields = objectOf(value)
    const constraint = typeof value === 'string' ? value : textOf(fields.version)
    return {
      name: fields.workspace === true ? key : textOf(fields.package) || key,
      constraint,
      line: lines.get(key) ?? 1,
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

/** The first line of each key, within `[workspace.dependencies]` or outside of it. */
function keyLinesOf(text: string, isShared: boolean): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  let inShared = false
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim()
    if (content.startsWith('[')) inShared = content.startsWith('[workspace.dependencies')
    if (inShared !== isShared || content.length > 10_000) return
    const table = /^\[.*dependencies\.["']?([\w-]+)["']?\]/.exec(content)?.[1]
    const key = table ?? /^["']?([\w-]+)["']?\s*[=.]/.exec(content)?.[1]
    if (key !== undefined && !lines.has(key)) lines.set(key, index + 1)
  })
  return lines
}
