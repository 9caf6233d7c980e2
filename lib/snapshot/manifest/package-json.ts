import { isObject, type Json, lineAt, objectOf, parseJsonObject, textOf, textsOf } from '../lockfile/json.ts'
import { npmSource } from '../lockfile/npm-source.ts'
import type { SourceFile } from '../snapshot.ts'
import type { Dependency } from './manifest.ts'

/** `workspaces`: null where the package is no workspace root. `overridden`: names whose version somebody else decides. */
export type PackageJson = {
  name: string
  manager: string
  dependencies: Dependency[]
  workspaces: string[] | null
  overridden: Set<string>
}

const readFiles = new WeakMap<SourceFile, PackageJson>()

export function readPackageJson(file: SourceFile): PackageJson {
  const known = readFiles.get(file)
  if (known) return known
  const root = parseJsonObject(file.text)
  const read: PackageJson = {
    name: textOf(root.name),
    manager: textOf(root.packageManager).replace(/@.*$/, ''),
    dependencies: dependenciesOf(root, file.text),
    workspaces: workspacesOf(root),
    overridden: overriddenBy(root),
  }
  readFiles.set(file, read)
  return read
}

function dependenciesOf(root: Json, text: string): Dependency[] {
  const found: Dependency[] = []
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const start = Math.max(0, text.search(new RegExp(`"${group}"\\s*:\\s*\\{`)))
    for (const [name, value] of Object.entries(objectOf(root[group]))) {
      const constraint = textOf(value)
      const at = text.indexOf(`${JSON.stringify(name)}`, start + group.length + 2)
      const line = lineAt(text, at === -1 ? start : at)
      found.push({ name, constraint, line, source: sourceOf(constraint), optional: group === 'optionalDependencies' })
    }
  }
  return found
}

function sourceOf(constraint: string): Dependency['source'] {
  if (/^(?:\.{1,2}(?:\/|$)|~\/)/.test(constraint)) return 'path'
  // A catalog only moves the version elsewhere; `npm:` and `jsr:` are registries.
  if (/^(?:npm|jsr|catalog|patch):/.test(constraint)) return 'registry'
  return npmSource(constraint).source
}

function workspacesOf(root: Json): string[] | null {
  const { workspaces } = root
  if (Array.isArray(workspaces)) return textsOf(workspaces)
  return isObject(workspaces) ? textsOf(workspaces.packages) : null
}

/** Names in npm's `overrides`, Yarn's `resolutions` (`a/b`) and pnpm's overrides (`a>b@1`). */
function overriddenBy(root: Json): Set<string> {
  const keys = [root.overrides, root.resolutions, objectOf(root.pnpm).overrides].flatMap(value =>
    Object.keys(objectOf(value)),
  )
  return new Set(keys.map(overriddenName))
}

/** The package that an override's key is about: the last of its path, without a range. */
export function overriddenName(key: string): string {
  const last = key.split('>').at(-1) ?? key
  return /((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?$/.exec(last)?.[1] ?? last
}
