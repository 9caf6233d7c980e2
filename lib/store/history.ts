/** History is thinned as it ages: what changed a verdict is always kept, the rest only as densely as a trend needs it. */
import type { Database } from './database.ts'

const DAY_MS = 86_400_000
/** Every scan for two days, one a day for ninety, one a week for two years. */
const EVERY_DAYS = 2
const DAILY_DAYS = 90
const WEEKLY_DAYS = 730
/** So many of the newest runs, more than any page shows, and those of the last month keep how each repository fared. */
const RUNS_KEPT = 100
const RUNS_KEPT_DAYS = 30
/** So many repositories a statement, so that none holds its locks for long. */
const BATCH = 200

/**
 * Removes the scans of an organisation that say nothing that their neighbours do not, snapshots that nothing was judged
 * by, and how repositories fared in runs that no page shows any more. Kept are each repository's first and latest, and
 * every scan whose outcomes or numbers of findings differ from the one before. Returns how many scans went. Done twice it removes nothing more.
 */
export async function thinHistory(db: Database, { orgId, now }: { orgId: number; now: Date }): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    SELECT "id" FROM "Repository" WHERE "orgId" = ${orgId} ORDER BY "id"`
  let removed = 0
  for (let at = 0; at < rows.length; at += BATCH) {
    const ids = rows.slice(at, at + BATCH).map(({ id }) => id)
    removed += await db.$executeRaw`
      WITH judged AS (
        SELECT s."id", s."repositoryId", s."scannedAt", (
          SELECT md5(string_agg(c."checkId" || c."outcome" || c."failing" || '/' || c."waived", ',' ORDER BY c."checkId"))
          FROM "CheckResult" c WHERE c."scanId" = s."id") AS "outcomes",
          CASE WHEN s."scannedAt" >= ${before(EVERY_DAYS)}::timestamptz THEN 'scan ' || s."id"
            WHEN s."scannedAt" >= ${before(DAILY_DAYS)}::timestamptz
              THEN 'day ' || date_trunc('day', s."scannedAt" AT TIME ZONE 'UTC')
            WHEN s."scannedAt" >= ${before(WEEKLY_DAYS)}::timestamptz
              THEN 'week ' || date_trunc('week', s."scannedAt" AT TIME ZONE 'UTC')
          END AS "span"
        FROM "Scan" s WHERE s."repositoryId" = ANY(${ids}::bigint[])
      ), placed AS (
        SELECT "id", "span", "outcomes", lag("id") OVER earlier AS "first", lag("outcomes") OVER earlier AS "before",
          row_number() OVER (PARTITION BY "repositoryId", "span" ORDER BY "scannedAt" DESC, "id" DESC) AS "place"
        FROM judged WINDOW earlier AS (PARTITION BY "repositoryId" ORDER BY "scannedAt", "id")
      )
      DELETE FROM "Scan" USING placed p WHERE "Scan"."id" = p."id" AND p."first" IS NOT NULL
        AND p."outcomes" IS NOT DISTINCT FROM p."before" AND (p."span" IS NULL OR p."place" > 1)
        AND NOT EXISTS (SELECT 1 FROM "Repository" r WHERE r."latestScanId" = p."id")`
    await db.$executeRaw`
      DELETE FROM "Snapshot" s WHERE s."repositoryId" = ANY(${ids}::bigint[])
        AND s."takenAt" < ${before(EVERY_DAYS)}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM "Scan" WHERE "snapshotId" = s."id")
        AND EXISTS (SELECT 1 FROM "Snapshot" n WHERE n."repositoryId" = s."repositoryId" AND n."id" > s."id")`
  }
  await forgetOutcomes(db, orgId, before(RUNS_KEPT_DAYS))
  return removed
}

/** A sweep of ten thousand repositories is as many rows a day, which nobody reads once newer runs are shown. */
async function forgetOutcomes(db: Database, orgId: number, before: Date): Promise<void> {
  const old = await db.$queryRaw<{ id: number }[]>`
    SELECT "id" FROM (
      SELECT "id", "startedAt", row_number() OVER (ORDER BY "id" DESC) AS "place"
      FROM "CrawlRun" WHERE "orgId" = ${orgId} AND "state" <> 'running') runs
    WHERE "place" > ${RUNS_KEPT} AND "startedAt" < ${before}::timestamptz
      AND EXISTS (SELECT 1 FROM "CrawlOutcome" o WHERE o."runId" = runs."id") ORDER BY "id"`
  for (const { id } of old) await db.$executeRaw`DELETE FROM "CrawlOutcome" WHERE "runId" = ${id}`
}
