import type { FetchedBlob } from '../crawl/crawl-store.ts'
import { compress } from '../snapshot/compression.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'
import { notedBefore } from './unheld.ts'

/** Those of `oids` that need not be fetched again; from now on they stay for a week, held or not. One query. */
export async function knownBlobs(db: Database, oids: readonly string[], now: Date): Promise<Set<string>> {
  // What is too young to be removed is known; the others only where their rows could still be noted, in order.
  const rows = await db.$queryRaw<{ oid: string }[]>`
    WITH asked AS MATERIALIZED (
      SELECT "oid", "fetchedAt" < ${notedBefore(now)}::timestamptz AS "old" FROM "Blob" WHERE "oid" = ANY(${oids})
    ), locked AS MATERIALIZED (
      SELECT b."oid" FROM "Blob" b JOIN asked ON asked."oid" = b."oid" AND asked."old" ORDER BY b."oid" FOR UPDATE OF b
    ), noted AS (
      UPDATE "Blob" SET "fetchedAt" = ${now}::timestamptz FROM locked WHERE "Blob"."oid" = locked."oid" RETURNING "Blob"."oid"
    )
    SELECT "oid" FROM asked WHERE NOT "old" UNION ALL SELECT "oid" FROM noted`
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
