/** `Pipfile.lock`: JSON with one object a category (`default`, `develop`, own names). */
import { type Json, keyLines, objectOf, parseJsonObject, textOf, textsOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, type SourceKind, UnreadableFile } from './lockfile.ts'

export function readPipfileLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (root._meta === undefined && root.default === undefined)
    throw new UnreadableFile('has neither _meta nor default', 1)
  const lines = keyLines(text)
  const entries: LockEntry[] = []
  for (const [category, packages] of Object.entries(root)) {
    if (category === '_meta') continue
    lines.next(category)
    for (const [name, value] of Object.entries(objectOf(packages)))
      entries.push(entryOf(name, objectOf(value), lines.next(name)))
  }
  return { format: 'Pipfile.lock', ecosystem: 'pypi', entries, importers: null }
}

function entryOf(name: string, fields: Json, line: number): LockEntry {
  return lockEntry({
    ecosystem: 'pypi',
    name,
    version: textOf(fields.version).replace(/^==/, ''),
    line,
    source: sourceOf(fields),
    commit: textOf(fields.ref),
    hashes: textsOf(fields.hashes),
  })
}

function sourceOf(fields: Json): SourceKind {
  if (fields.git !== undefined) return 'git'
  if (fields.path !== undefined) return 'path'
  return fields.file === undefined ? 'registry' : 'url'
}
