/** `Pipfile.lock`: JSON with one object a category (`default`, `develop`, own names). */
import { type Json, keyLines, listOf, objectOf, parseJsonObject, textOf, textsOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, type SourceKind, UnreadableFile } from './lockfile.ts'

export function readPipfileLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (root._meta === undefined && root.default === undefined)
    throw new UnreadableFile('has neither _meta nor default', 1)
  const lines = keyLines(text)
  const sources = listOf(objectOf(root._meta).sources).map(objectOf)
  const indexes = new Map(sources.map(source => [textOf(source.name), textOf(source.url)]))
  const entries: LockEntry[] = []
  for (const [category, packages] of Object.entries(root)) {
    if (category === '_meta') continue
    lines.next(category)
    for (const [name, value] of Object.entries(objectOf(packages)))
      entries.push(entryOf(name, objectOf(value), lines.next(name), indexes))
  }
  return { format: 'Pipfile.lock', ecosystem: 'pypi', entries, importers: null }
}

function entryOf(name: string, fields: Json, line: number, indexes: ReadonlyMap<string, string>): LockEntry {
  return lockEntry({
    ecosystem: 'pypi',
    name,
    version: textOf(fields.version).replace(/^==/, ''),
    line,
    source: sourceOf(fields),
    commit: textOf(fields.ref),
    address: textOf(fields.git) || textOf(fields.file) || (indexes.get(textOf(fields.index)) ?? ''),
    hashes: textsOf(fields.hashes),
  })
}

function sourceOf(fields: Json): SourceKind {
  if (fields.git !== undefined) return 'git'
  if (fields.path !== undefined) return 'path'
  return fields.file === undefined ? 'registry' : 'url'
}
