import { isObject, type Json, lineCounter, objectOf, parseJsonObject, textOf, textsOf } from '../lockfile/json.ts'
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
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(group => {
    const lines = entryLines(text, group)
    return Object.entries(objectOf(root[group])).map(([name, value]): Dependency => {
      const constraint = textOf(value)
      const optional = group === 'optionalDependencies'
      return { name, constraint, line: lines(name), source: sourceOf(constraint), optional }
    })
  })
}

/** The lines of a group's entries, asked for in their order: one pass, however many there are. */
export function entryLines(text: string, group: string): (name: string) => number {
  const start = Math.max(0, text.search(new RegExp(`"${group}"[ \\t]*:`)))
  const lineOf = lineCounter(text)
  let at = start + group.length + 2
  let line = lineOf(start)
  return name => {
    const found = text.indexOf(JSON.stringify(name), at)
    // A name that is written another way stands near the one before; nothing is searched to the end twice.
    if (found === -1) {
      at = text.length
      return line
    }
    at = found + name.length
    line = lineOf(found)
    return line
  }
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
