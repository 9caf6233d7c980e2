/** What must be true of a store after everything was killed: nothing lost, nothing doubled, nothing stuck. */
import { githubSource } from '#lib/crawl/github-source.ts'
import { sweep } from '#lib/crawl/listing.ts'
import { connect } from '#lib/github/client.ts'
import type { Database } from '#lib/store/database.ts'

export type Wrong = { what: string; count: number }

/** Whether every repository stands at the commit of now and is judged there, and no run or job is left. */
export async function isQuiet(db: Database, apiUrl: string): Promise<boolean> {
  const heads = new Map<bigint, string | null>()
  await sweep(githubSource(connect({ apiUrl, token: 'any' }), 'acme'), async part => {
    for (const { id, headOid } of part) heads.set(id, headOid)
  })
  const rows = await db.repository.findMany({ include: { latestScan: { include: { snapshot: true } } } })
  const isCurrent = rows.every(row => row.latestScan?.snapshot.headOid === heads.get(row.id))
  const running = await db.crawlRun.count({ where: { state: { in: ['asked', 'running'] } } })
  const jobs = await jobsIn(db, ['created', 'retry', 'active'])
  return rows.length === heads.size && isCurrent && running === 0 && jobs === 0
}

export async function auditStore(db: Database, apiUrl: string, repositories: number): Promise<Wrong[]> {
  const count = async (query: Promise<{ count: number }[]>) => (await query)[0]?.count ?? 0
  const found: Record<string, number> = {
    'repositories lost': repositories - (await db.repository.count({ where: { outcome: 'ok' } })),
    'not at the commit of now, not judged, or work left': (await isQuiet(db, apiUrl)) ? 0 : 1,
    'runs and looks that never ended': await db.crawlRun.count({ where: { state: { in: ['asked', 'running'] } } }),
    'looks that were given up': await db.crawlRun.count({ where: { kind: 'look', state: 'failed' } }),
    'repositories left queued by a run that is done': await db.crawlOutcome.count({
      where: { outcome: 'queued', run: { state: 'done' } },
    }),
    'jobs given up': await jobsIn(db, ['failed']),
    'snapshots taken twice': await count(db.$queryRaw`
      SELECT count(*)::int AS count FROM (
        SELECT "headOid" = lag("headOid") OVER w AND "settings" IS NOT DISTINCT FROM lag("settings") OVER w
          AND "refs" = lag("refs") OVER w AND "unread" = lag("unread") OVER w AS "same"
        FROM "Snapshot" WINDOW w AS (PARTITION BY "repositoryId" ORDER BY "id")) s WHERE "same"`),
    'snapshots never judged': await count(db.$queryRaw`
      SELECT count(*)::int AS count FROM "Snapshot" s WHERE NOT EXISTS (SELECT 1 FROM "Scan" WHERE "snapshotId" = s."id")`),
    'findings open twice': await count(db.$queryRaw`
      SELECT count(*)::int AS count FROM (
        SELECT 1 FROM "Finding" WHERE "fixedAt" IS NULL GROUP BY "repositoryId", "fingerprint" HAVING count(*) > 1) f`),
    'scans whose open findings are not those of their repository': await count(db.$queryRaw`
      SELECT count(*)::int AS count FROM "Repository" r JOIN "Scan" s ON s."id" = r."latestScanId"
      WHERE s."openFindings" <> (
        SELECT count(*) FROM "Finding" f WHERE f."repositoryId" = r."id" AND f."fixedAt" IS NULL)`),
    'files that stand in a tree and are not kept': await count(db.$queryRaw`
      SELECT count(*)::int AS count FROM "RepositoryFile" f
      WHERE NOT EXISTS (SELECT 1 FROM "Blob" b WHERE b."oid" = f."blobOid")`),
  }
  return Object.entries(found).flatMap(([what, count]) => (count === 0 ? [] : [{ what, count }]))
}

async function jobsIn(db: Database, states: readonly string[]): Promise<number> {
  const [row] = await db.$queryRaw<{ jobs: number }[]>`
    SELECT count(*)::int AS jobs FROM pgboss.job WHERE state::text = ANY(${states})`
  return row?.jobs ?? 0
}
