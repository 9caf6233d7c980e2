import type { FetchedBlob } from '../crawl/crawl-store.ts'
import { compress } from './compression.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/** Those of `oids` that need not be fetched again. One query. */
export async function knownBlobs(db: Database, oids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ oid: string }[]>`SELECT "oid" FROM "Blob" WHERE "oid" = ANY(${oids})`
  return new Set(rows.map(row => row.oid))
}

/** Keeps the blobs, compressed; those that are known already are skipped, as the same oid is the same content. One query. */
export async function saveBlobs(db: Database, blobs: readonly FetchedBlob[], now: Date): Promise<void> {
  // In the order of their oids, so that two writers of overlapping batches wait for each other and never deadlock.
  const distinct = new Map(blobs.map(blob => [blob.oid, blob]))
  const sorted = [...distinct.values()].sort((a, b) => (a.oid < b.oid ? -1 : 1))
  const oids = sorted.map(({ oid }) => oid)
  const contents = sorted.map(({ content }) => (content === null ? null : compress(content)))
  const rest = rowsJson(sorted.map(({ size, binary, unread }) => ({ size, binary, unread })))
  await db.$executeRaw`
    INSERT INTO "Blob" ("oid", "size", "binary", "content", "unread", "fetchedAt")
    SELECT b."oid", (r."row"->>'size')::int, (r."row"->>'binary')::boolean, b."content", r."row"->>'unread', ${now}::timestamptz
    FROM unnest(${oids}::text[], ${contents}::bytea[]) WITH ORDINALITY AS b("oid", "content", "at")
    JOIN jsonb_array_elements(${rest}::jsonb) WITH ORDINALITY AS r("row", "at") USING ("at")
    ORDER BY b."oid" ON CONFLICT ("oid") DO NOTHING`
}
