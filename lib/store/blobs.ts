import type { FetchedBlob } from '../crawl/crawl-store.ts'
import { compress } from './compression.ts'
import type { Database } from './database.ts'
import { storable } from './text.ts'

/** Those of `oids` that need not be fetched again. One query. */
export async function knownBlobs(db: Database, oids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ oid: string }[]>`SELECT "oid" FROM "Blob" WHERE "oid" = ANY(${oids})`
  return new Set(rows.map(row => row.oid))
}

/** Keeps the blobs, compressed; those that are known already are skipped, as the same oid is the same content. */
export async function saveBlobs(db: Database, blobs: readonly FetchedBlob[], now: Date): Promise<void> {
  // In the order of their oids, so that two writers of overlapping batches wait for each other and never deadlock.
  const distinct = new Map(blobs.map(blob => [blob.oid, blob]))
  const sorted = [...distinct.values()].sort((a, b) => (a.oid < b.oid ? -1 : 1))
  await db.blob.createMany({
    data: sorted.map(({ oid, size, binary, content, unread }) => ({
      oid,
      size,
      binary,
      content: content === null ? null : compress(content),
      unread: unread === null ? null : storable(unread),
      fetchedAt: now,
    })),
    skipDuplicates: true,
  })
}
