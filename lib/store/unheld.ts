/** Content that nothing needs any more: files and trees of commits that were current once. */
import type { Database } from './database.ts'

const DAY_MS = 86_400_000
/**
 * So long after it was last asked for it stays without a holder: a crawl that found it known is about to hold it, and a
 * push that is taken back finds it there.
 */
const KEPT_DAYS = 7
/** What is asked for is noted once a day, which is often enough for that. */
const NOTED_DAYS = 1
/** So many rows a statement, so that none holds its locks for long. */
const BATCH = 2_000

/**
 * Removes trees that are of no repository's newest snapshot or latest scan nor of a snapshot of this week, then blobs that
 * stand in no tree, then what was read out of those. Safe while others crawl: what one of them was told is known stays.
 */
export async function removeUnheld(db: Database, now: Date): Promise<{ trees: number; blobs: number }> {
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS)
  const trees = await inBatches(
    () => db.$executeRaw`
      WITH held AS (
        SELECT "treeOid" FROM "Repository" WHERE "treeOid" IS NOT NULL
        UNION SELECT "treeOid" FROM "Snapshot" WHERE "takenAt" >= ${before}::timestamptz
        UNION SELECT s."treeOid" FROM "Repository" r JOIN "Scan" l ON l."id" = r."latestScanId"
          JOIN "Snapshot" s ON s."id" = l."snapshotId"
      ), unheld AS (
        SELECT t."oid" FROM "Tree" t WHERE t."fetchedAt" < ${before}::timestamptz
          AND NOT EXISTS (SELECT 1 FROM held WHERE held."treeOid" = t."oid")
        ORDER BY t."oid" LIMIT ${BATCH} FOR UPDATE OF t SKIP LOCKED
      )
      DELETE FROM "Tree" USING unheld WHERE "Tree"."oid" = unheld."oid"`,
  )
  const blobs = await inBatches(
    () => db.$executeRaw`
      WITH unheld AS (
        SELECT b."oid" FROM "Blob" b WHERE b."fetchedAt" < ${before}::timestamptz
          AND NOT EXISTS (SELECT 1 FROM "RepositoryFile" f WHERE f."blobOid" = b."oid")
        ORDER BY b."oid" LIMIT ${BATCH} FOR UPDATE OF b SKIP LOCKED
      )
      DELETE FROM "Blob" USING unheld WHERE "Blob"."oid" = unheld."oid"`,
  )
  if (blobs > 0)
    await db.$executeRaw`
      DELETE FROM "Inventory" i WHERE NOT EXISTS (SELECT 1 FROM "Blob" b WHERE b."oid" = i."blobOid")`
  return { trees, blobs }
}

async function inBatches(remove: () => Promise<number>): Promise<number> {
  let all = 0
  for (let removed = BATCH; removed === BATCH; all += removed) removed = await remove()
  return all
}

/** What was noted before this is noted again when it is asked for. */
export function notedBefore(now: Date): Date {
  return new Date(now.getTime() - NOTED_DAYS * DAY_MS)
}
