/** `composer.lock`: a `shasum` of the archive, or the commit that the archive is made from. */
import { type Json, keyLines, listOf, objectOf, parseJsonObject, textOf } from './json.ts'
import { isFullCommit, type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'

export function readComposerLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (!Array.isArray(root.packages)) throw new UnreadableFile('has no "packages" list', 1)
  const lines = keyLines(text, text.indexOf('"packages"'))
  const packages = [...root.packages, ...listOf(root['packages-dev'])].map(objectOf)
  const entries = packages.map(fields => entryOf(fields, lines.nextValue('name', textOf(fields.name))))
  return { format: 'composer.lock', ecosystem: 'composer', entries, importers: null }
}

function entryOf(fields: Json, line: number): LockEntry {
  const dist = objectOf(fields.dist)
  const source = objectOf(fields.source)
  const reference = textOf(dist.reference) || textOf(source.reference)
  const local = dist.type === 'path'
  return lockEntry({
    ecosystem: 'composer',
    name: textOf(fields.name),
    version: textOf(fields.version),
    line,
    // A metapackage has neither archive nor repository: there is nothing to fetch.
    source:
      local || (fields.dist === undefined && fields.source === undefined)
        ? 'path'
        : isFullCommit(reference)
          ? 'git'
          : 'registry',
    commit: reference,
    address: local ? '' : textOf(dist.url) || textOf(source.url),
    hashes: [textOf(dist.shasum)].filter(Boolean),
  })
}
