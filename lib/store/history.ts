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
/** So many scans a statement looks at, whole repositories of them, so that none holds its locks for long. */
const BATCH = 4_000

/**
 * Removes the scans of an organisation that say nothing that their neighbours do not, snapshots that nothing was judged
 * by, and how repositories fared in runs that no page shows any more. Kept are each repository's first and latest, and
 * every scan that opened or closed a finding, or whose outcomes, score, checklist or policy are others than those of the one
 * before. Returns how many scans went. Done twice it removes nothing more.
 */
export async function thinHistory(db: Database, { orgId, now }: { orgId: number; now: Date }): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  let removed = 0
  for (const ids of await repositoriesInBatches(db, orgId)) {
    removed += await db.$executeRaw`
      WITH dated AS (
        SELECT s.*, CASE WHEN s."scannedAt" >= ${before(EVERY_DAYS)}::timestamptz THEN 'scan ' || s."id"
            WHEN s."scannedAt" >= ${before(DAILY_DAYS)}::timestamptz
              THEN 'day ' || date_trunc('day', s."scannedAt" AT TIME ZONE 'UTC')
            WHEN s."scannedAt" >= ${before(WEEKLY_DAYS)}::timestamptz
              THEN 'week ' || date_trunc('week', s."scannedAt" AT TIME ZONE 'UTC')
          END AS "span"
        FROM "Scan" s WHERE s."repositoryId" = ANY(${ids}::bigint[])
      ), placed AS (
        SELECT "id", "repositoryId", "scannedAt", "span", lag("id") OVER earlier AS "before",
          ("score", "hardening", "itemsMet", "itemsApplied", "checklistVersion", "policyHash") IS NOT DISTINCT FROM
            (lag("score") OVER earlier, lag("hardening") OVER earlier, lag("itemsMet") OVER earlier,
              lag("itemsApplied") OVER earlier, lag("checklistVersion") OVER earlier, lag("policyHash") OVER earlier) AS "same",
          row_number() OVER (PARTITION BY "repositoryId", "span" ORDER BY "scannedAt" DESC, "id" DESC) AS "place"
        FROM dated WINDOW earlier AS (PARTITION BY "repositoryId" ORDER BY "scannedAt", "id")
      ), turns AS (
        SELECT "repositoryId", "firstSeen" AS "at" FROM "Finding" WHERE "repositoryId" = ANY(${ids}::bigint[])
        UNION SELECT "repositoryId", "fixedAt" FROM "Finding"
          WHERE "repositoryId" = ANY(${ids}::bigint[]) AND "fixedAt" IS NOT NULL
      ), dense AS MATERIALIZED (
        SELECT "id", "before" FROM placed p WHERE "before" IS NOT NULL AND "same" AND ("span" IS NULL OR "place" > 1)
          AND NOT EXISTS (SELECT 1 FROM turns t WHERE t."repositoryId" = p."repositoryId" AND t."at" = p."scannedAt")
          AND NOT EXISTS (SELECT 1 FROM "Repository" r WHERE r."latestScanId" = p."id")
      ), outcomes AS MATERIALIZED (
        SELECT c."scanId", md5(string_agg(
          c."checkId" || c."outcome" || c."failing" || '/' || c."waived", ',' ORDER BY c."checkId")) AS "told"
        FROM "CheckResult" c
        WHERE c."scanId" IN (SELECT "id" FROM dense UNION SELECT "before" FROM dense) GROUP BY c."scanId"
      )
      DELETE FROM "Scan" USING dense d LEFT JOIN outcomes o ON o."scanId" = d."id"
        LEFT JOIN outcomes e ON e."scanId" = d."before"
      WHERE "Scan"."id" = d."id" AND o."told" IS NOT DISTINCT FROM e."told"`
    await db.$executeRaw`
      DELETE FROM "Snapshot" s WHERE s."repositoryId" = ANY(${ids}::bigint[])
        AND s."takenAt" < ${before(EVERY_DAYS)}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM "Scan" WHERE "snapshotId" = s."id")
        AND EXISTS (SELECT 1 FROM "Snapshot" n WHERE n."repositoryId" = s."repositoryId" AND n."id" > s."id")`
  }
  await forgetOutcomes(db, orgId, before(RUNS_KEPT_DAYS))
  return removed
}

/** All of the organisation's repositories, in groups that have as many scans as a batch, and at most one repository's more. */
async function repositoriesInBatches(db: Database, orgId: number): Promise<bigint[][]> {
  const rows = await db.$queryRaw<{ ids: bigint[] }[]>`
    SELECT array_agg("id" ORDER BY "id") AS ids FROM (
      SELECT "id", sum(1 + "scans") OVER (ORDER BY "id") AS "upTo" FROM (
        SELECT r."id", (SELECT count(*) FROM "Scan" s WHERE s."repositoryId" = r."id") AS "scans"
        FROM "Repository" r WHERE r."orgId" = ${orgId}) counted) summed
    GROUP BY div("upTo", ${BATCH}::int) ORDER BY min("id")`
  return rows.map(({ ids }) => ids)
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
