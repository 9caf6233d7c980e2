/** `composer.lock`: a `shasum` of the archive, or the commit that the archive is made from. */
import { fileOrigins } from './file-origins.ts'
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
    // What comes by a registry says whom to tell of its installation, and is fetched from where its source lies.
    address: local ? '' : textOf(fields['notification-url']) || textOf(source.url) || textOf(dist.url),
    files: local ? [] : strayFile(textOf(dist.url), textOf(source.url)),
    hashes: [textOf(dist.shasum)].filter(Boolean),
  })
}

/** Where the archive is, unless that is safe on its way and the site of the source, or nothing is known of the source. */
function strayFile(archive: string, source: string): string[] {
  const origins = fileOrigins([archive])
  if (source === '') return origins.filter(origin => !origin.startsWith('https:'))
  return origins.filter(
    origin => !origin.startsWith('https:') || siteOf(origin) !== siteOf(fileOrigins([source])[0] ?? ''),
  )
}

/** The last two labels of a host: `api.` and the bare name are of one site. */
function siteOf(origin: string): string {
  return origin
    .slice(origin.indexOf('//') + 2)
    .split('.')
    .slice(-2)
    .join('.')
}
