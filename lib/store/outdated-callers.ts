import type { Database } from './database.ts'

/**
 * The judged snapshots of repositories that call a workflow or action of another one of the organisation which was taken
 * since: what they call may be another now, or was not known yet. `among`: only these, where given. One query.
 */
export async function outdatedCallers(db: Database, orgId: number, among?: readonly number[]): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT DISTINCT l."snapshotId" AS "id" FROM "Org" o
    JOIN "Action" a ON starts_with(a."base", lower(o."login") || '/')
    JOIN "Repository" c ON c."orgId" = o."id" AND lower(c."name") = split_part(a."base", '/', 2) AND c."goneAt" IS NULL
    JOIN LATERAL (
      SELECT s."takenAt" FROM "Snapshot" s WHERE s."repositoryId" = c."id" ORDER BY s."id" DESC LIMIT 1
    ) newest ON true
    JOIN "Inventory" i ON i."actions" @> ARRAY[a."id"]
    JOIN "RepositoryFile" f ON f."blobOid" = i."blobOid"
    JOIN "Repository" r ON r."treeOid" = f."treeOid" AND r."orgId" = o."id" AND r."id" <> c."id" AND r."goneAt" IS NULL
    JOIN "Scan" l ON l."id" = r."latestScanId" AND l."scannedAt" < newest."takenAt"
    WHERE o."id" = ${orgId} AND (${among === undefined} OR l."snapshotId" = ANY(${among ?? []}::int[]))
    ORDER BY "id"`
  return rows.map(({ id }) => id)
}
