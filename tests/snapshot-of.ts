/** A snapshot of a few files written in a test: what the crawl would make of such a repository, without a crawl. */
import type { FileMap } from '#lib/check.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'

export function snapshotOf(files: FileMap, more: Partial<Snapshot> = {}): Snapshot {
  const entries = Object.entries(files).map(([path, text]) => ({ path, text, mode: '100644' as const, oid: '' }))
  return {
    repository: 'acme/app',
    commit: '',
    tree: entries.map(({ path, mode, oid, text }) => ({ path, mode, oid, size: text.length })),
    files: new Map(entries.map(file => [file.path, file])),
    leftOut: [],
    unread: [],
    releases: null,
    settings: null,
    refs: new Map(),
    called: new Map(),
    ...more,
  }
}
