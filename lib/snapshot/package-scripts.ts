/** The scripts of a package.json, each as a piece of the file that a shell runs. */
import { findNodeAtLocation } from 'jsonc-parser'
import { jsonTree } from './json-tree.ts'
import { type Script, stretchScript } from './shell/script.ts'
import type { SourceFile } from './snapshot.ts'

const readFiles = new WeakMap<SourceFile, ReadonlyMap<string, Script>>()

/** Script name → its text. A file that is no JSON has none. */
export function scriptsOf(file: SourceFile): ReadonlyMap<string, Script> {
  const known = readFiles.get(file)
  if (known) return known
  const found = new Map<string, Script>()
  const root = file.text.length > 1024 * 1024 ? undefined : jsonTree(file.text).root
  const scripts = root ? findNodeAtLocation(root, ['scripts']) : undefined
  for (const property of scripts?.type === 'object' ? (scripts.children ?? []) : []) {
    const [name, value] = property.children ?? []
    if (typeof name?.value !== 'string' || typeof value?.value !== 'string') continue
    const start = value.offset + 1
    const end = value.offset + value.length - 1
    const script = stretchScript(file, start, end, value.value)
    const exact = file.text.slice(start, end) === value.value
    found.set(name.value, exact ? script : { ...script, at: () => null })
  }
  readFiles.set(file, found)
  return found
}
