import { Prisma } from '#prisma/generated/client.ts'
import type { Database } from './database.ts'

/**
 * The judged snapshots of repositories that call a workflow or action of another one of the organisation which was taken
 * since: what they call may be another now, or was not known yet. `among`: only these, where given. One query.
 */
export async function outdatedCallers(db: Database, orgId: number, among?: readonly number[]): Promise<number[]> {
  const these =
    among === undefined
      ? Prisma.empty
      : Prisma.sql`AND r."latestScanId" IN (SELECT "id" FROM "Scan" WHERE "snapshotId" = ANY(${[...among]}::int[]))`
  // Who calls whom is told by bits, a row for a thousand callers: to go through the files of all of them takes far longer.
  const rows = await db.$queryRaw<{ id: number }[]>`
    WITH named AS MATERIALIZED (
      SELECT split_part(a."base", '/', 2) AS "name", array_agg(a."id") AS "actions"
      FROM "Org" o JOIN "Action" a ON starts_with(a."base", lower(o."login") || '/')
      WHERE o."id" = ${orgId} GROUP BY 1),
    called AS MATERIALIZED (
      SELECT c."id", newest."takenAt", named."actions" FROM named
      JOIN "Repository" c ON c."orgId" = ${orgId} AND lower(c."name") = named."name" AND c."goneAt" IS NULL
      JOIN LATERAL (
        SELECT s."takenAt" FROM "Snapshot" s WHERE s."repositoryId" = c."id" ORDER BY s."id" DESC LIMIT 1
      ) newest ON true),
    calls AS MATERIALIZED (
      SELECT called."id", called."takenAt", u."chunk", bit_or(u."users") AS "users"
      FROM called JOIN "ActionSpread" u ON u."actionId" = ANY(called."actions")
      WHERE called."takenAt" > (SELECT min("scannedAt") FROM "Standing") GROUP BY 1, 2, 3),
    callers AS MATERIALIZED (
      SELECT r."latestScanId" FROM "Standing" st JOIN "Repository" r ON r."id" = st."repositoryId"
      WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL AND st."scannedAt" < (SELECT max("takenAt") FROM called) ${these}
        AND EXISTS (SELECT 1 FROM calls WHERE calls."chunk" = r."slot" / 1024 AND calls."takenAt" > st."scannedAt"
          AND calls."id" <> r."id" AND get_bit(calls."users", r."slot" % 1024) = 1))
    SELECT l."snapshotId" AS "id" FROM callers JOIN "Scan" l ON l."id" = callers."latestScanId"
    ORDER BY "id"`
  return rows.map(({ id }) => id)
}
