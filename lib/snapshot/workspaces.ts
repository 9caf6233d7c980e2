/** Which folder a manifest belongs to: members of a workspace belong to its root. */
import JSON5 from 'json5'
import { parse as parseToml } from 'smol-toml'
import { globMatches, plainPath } from './glob.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'
import { childOf, itemsOf, readYaml, textOf } from './yaml.ts'

export type Table = Readonly<Record<string, unknown>>

/** The folder of a path; '' is the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

export function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** The folders above, nearest first, the root last. */
export function ancestorsOf(folder: string): string[] {
  const above: string[] = []
  for (let at = folder; at !== ''; ) {
    at = folderOf(at)
    above.push(at)
  }
  return above
}

// A root's manifest is asked for by every member; a file never changes, so it is parsed once.
const parsed = new WeakMap<SourceFile, Table | null>()

/** The object that a JSON file holds; null where it is not in the snapshot or is no object. Comments are tolerated. */
export function jsonOf(repo: Snapshot, path: string): Table | null {
  return parsedOnce(repo, path, text => JSON5.parse(text.replace(/^\ufeff/, '')))
}

/** The object that a TOML file holds; null where it is not in the snapshot or cannot be parsed. */
export function tomlOf(repo: Snapshot, path: string): Table | null {
  return parsedOnce(repo, path, parseToml)
}

function parsedOnce(repo: Snapshot, path: string, parse: (text: string) => unknown): Table | null {
  const file = repo.files.get(path)
  if (!file) return null
  const known = parsed.get(file)
  if (known !== undefined) return known
  const table = tableOf(quickly(file.text, parse))
  parsed.set(file, table)
  return table
}

function quickly(text: string, parse: (text: string) => unknown): unknown {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // Not strict JSON; the lenient parser, ten times slower, has the last word.
    }
  }
  try {
    return parse(text)
  } catch {
    // A manifest that cannot be parsed still shows the need: its presence is judged, its content is not known.
    return null
  }
}

export function tableOf(value: unknown): Table | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : null
}

export function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

/** The workspace globs that a folder declares for npm, pnpm, yarn or bun; null where it declares none. */
export function nodeWorkspacesOf(repo: Snapshot, folder: string): string[] | null {
  const pnpm = repo.files.get(joined(folder, 'pnpm-workspace.yaml'))
  if (pnpm) {
    const read = readYaml(pnpm)
    const packages = read.ok ? itemsOf(childOf(read.root, 'packages')).flatMap(item => textOf(item) ?? []) : []
    if (packages.length > 0) return packages
  }
  const { workspaces } = jsonOf(repo, joined(folder, 'package.json')) ?? {}
  const globs = stringsOf(tableOf(workspaces)?.packages ?? workspaces)
  return globs.length > 0 ? globs : null
}

/** True where the globs take the member's folder; a later `!glob` takes it out again. What is installed is no member. */
export function isMember(globs: readonly string[], root: string, folder: string): boolean {
  const inside = root === '' ? folder : folder.slice(root.length + 1)
  if (inside.split('/').includes('node_modules')) return false
  let member = false
  for (const glob of globs) {
    const out = glob.startsWith('!')
    if (globMatches(out ? glob.slice(1) : glob, inside)) member = !out
  }
  return member
}

/** The nearest folder above for which `owns` holds, else the folder itself. */
export function ownerOf(folder: string, owns: (above: string) => boolean): string {
  return ancestorsOf(folder).find(owns) ?? folder
}

/** Resolves `../x` against a folder; null where it leads out of the repository. */
export function resolved(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of plainPath(relative.replaceAll('\\', '/')).split('/')) {
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return plainPath(parts.join('/'))
}
