import { type CrawlRun, type Crawls, crawlRun, type Progress, type Trouble } from '../../api/crawls.ts'
import type { Database } from '../database.ts'

const RUNS_SHOWN = 30
const NAMES_SHOWN = 5

/** The newest runs, what could not be read and why, and what the token may see. */
export async function readCrawls(db: Database, orgId: number): Promise<Crawls> {
  const [runs, troubles, capabilities] = await Promise.all([
    readRuns(db, orgId, RUNS_SHOWN),
    readTroubles(db, orgId),
    db.capability.findMany({
      where: { orgId },
      select: { name: true, state: true, reason: true },
      orderBy: { name: 'asc' },
    }),
  ])
  return { runs, troubles, capabilities }
}

/** What an open page polls. Two small queries, both over indexes. */
export async function readProgress(db: Database): Promise<Progress> {
  const [latest] = await db.crawlRun.findMany({ orderBy: { id: 'desc' }, take: 1, select: { orgId: true } })
  if (latest === undefined) return { run: null, scanned: 0, mark: 'nothing' }
  const [[run], newest] = await Promise.all([
    readRuns(db, latest.orgId, 1),
    db.repository.aggregate({
      where: { orgId: latest.orgId, goneAt: null },
      _count: { latestScanId: true },
      _max: { latestScanId: true },
    }),
  ])
  const scanned = newest._count.latestScanId
  const mark = [run?.id, run?.state, scanned, newest._max.latestScanId].join(':')
  return { run: run ?? null, scanned, mark }
}

async function readRuns(db: Database, orgId: number, take: number): Promise<CrawlRun[]> {
  const runs = await db.crawlRun.findMany({ where: { orgId }, orderBy: { id: 'desc' }, take })
  const counts = await db.crawlOutcome.groupBy({
    by: ['runId', 'outcome'],
    where: { runId: { in: runs.map(run => run.id) } },
    _count: true,
  })
  return runs.map(({ orgId: _, startedAt, finishedAt, ...run }) => {
    const outcomes = Object.fromEntries(
      counts.filter(count => count.runId === run.id).map(count => [count.outcome, count._count]),
    )
    const { queued: _queued, ...settled } = outcomes
    return crawlRun.parse({
      ...run,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      outcomes: settled,
      done: Object.values(settled).reduce((sum, count) => sum + count, 0),
    })
  })
}

async function readTroubles(db: Database, orgId: number): Promise<Trouble[]> {
  return db.$queryRaw<Trouble[]>`
    select r.outcome, r."outcomeReason" as reason, count(*)::int as count,
      (array_agg(r.name order by r.name))[1:${NAMES_SHOWN}::int] as names
    from "Repository" r
    where r."orgId" = ${orgId} and r."goneAt" is null and r.outcome not in ('ok', 'empty')
    group by r.outcome, r."outcomeReason" order by count desc, r.outcome`
}
