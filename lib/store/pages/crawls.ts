import { type CrawlRun, type Crawls, crawlRun, type Progress, type Replayed, type Trouble } from '../../api/crawls.ts'
import type { Scope, Sees } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { visible } from '../visible.ts'

const RUNS_SHOWN = 30
const NAMES_SHOWN = 5

/** The newest runs, what could not be read and why, and what the token may see. */
export async function readCrawls(db: Database, scope: Scope): Promise<Crawls> {
  const [runs, replayed, troubles, capabilities] = await Promise.all([
    readRuns(db, { orgId: scope.orgId, kind: { not: 'replay' } }, RUNS_SHOWN),
    readReplayed(db, scope.orgId),
    readTroubles(db, scope),
    db.capability.findMany({
      where: { orgId: scope.orgId },
      select: { name: true, state: true, reason: true },
      orderBy: { name: 'asc' },
    }),
  ])
  return { runs, replayed, troubles, capabilities }
}

/** What an open page polls. Three small queries, all over indexes. */
export async function readProgress(db: Database, sees: Sees): Promise<Progress> {
  const [latest] = await db.crawlRun.findMany({
    orderBy: { id: 'desc' },
    take: 1,
    select: { id: true, orgId: true, state: true },
  })
  if (latest === undefined) return { run: null, scanned: 0, mark: 'nothing' }
  const { orgId } = latest
  const [[run], [newest]] = await Promise.all([
    // A look that somebody asked for runs beside the crawl, and is told on its scorecard.
    readRuns(db, { orgId, kind: { not: 'look' } }, 1),
    db.$queryRaw<{ scanned: number; last: number | null }[]>`
      select count(r."latestScanId")::int as scanned, max(r."latestScanId") as last
      from "Repository" r where ${visible({ orgId, sees })}`,
  ])
  const { scanned = 0, last = null } = newest ?? {}
  const marks = [latest.id, latest.state, run?.id, run?.state, scanned, last]
  return { run: run ?? null, scanned, mark: marks.join(':') }
}

async function readRuns(
  db: Database,
  where: { orgId: number; kind?: { not: string } },
  take: number,
): Promise<CrawlRun[]> {
  const runs = await db.crawlRun.findMany({ where, orderBy: { id: 'desc' }, take })
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

async function readReplayed(db: Database, orgId: number): Promise<Replayed | null> {
  const { _count, _min, _max, _sum } = await db.crawlRun.aggregate({
    where: { orgId, kind: 'replay' },
    _count: true,
    _min: { startedAt: true },
    _max: { startedAt: true },
    _sum: { rest: true, points: true, git: true },
  })
  if (_min.startedAt === null || _max.startedAt === null) return null
  const used = { rest: _sum.rest ?? 0, points: _sum.points ?? 0, git: _sum.git ?? 0 }
  return { runs: _count, from: _min.startedAt, until: _max.startedAt, ...used }
}

async function readTroubles(db: Database, scope: Scope): Promise<Trouble[]> {
  return db.$queryRaw<Trouble[]>`
    select r.outcome, r."outcomeReason" as reason, count(*)::int as count,
      (array_agg(r.name order by r.name))[1:${NAMES_SHOWN}::int] as names
    from "Repository" r
    where ${visible(scope)} and r.outcome not in ('ok', 'empty')
    group by r.outcome, r."outcomeReason" order by count desc, r.outcome`
}
