import { createHash } from 'node:crypto'
import { Prisma } from '#prisma/generated/client.ts'
import { type CrawlRun, type Crawls, crawlRun, type Progress, type Replayed, type Trouble } from '../../api/crawls.ts'
import type { Coverage, Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { visible, visibleStanding } from '../visible.ts'

const RUNS_SHOWN = 30
const NAMES_SHOWN = 5
const LOOKED_UP_MOST = 1_000

/** The newest runs, what could not be read and why, and what the token may see. */
export async function readCrawls(db: Database, scope: Scope): Promise<Crawls> {
  const [runs, replayed, troubles, capabilities] = await Promise.all([
    readRuns(db, scope, { kind: { not: 'replay' } }, RUNS_SHOWN),
    readReplayed(db, scope.orgId),
    readTroubles(db, scope),
    db.capability.findMany({
      where: { orgId: scope.orgId },
      select: { name: true, state: true, reason: true },
      orderBy: { name: 'asc' },
    }),
  ])
  const told = capabilities.map(one => ({ ...one, state: one.state as 'ok' | 'denied' | 'absent' }))
  return { runs, replayed, troubles, capabilities: told }
}

type Judged = Pick<Coverage, 'scanned' | 'newestScan'>

/** What an open page polls. `judged`: how much has been, where the asker reads it anyway. Four small queries at most. */
export async function readProgress(db: Database, scope: Scope, judged?: Promise<Judged>): Promise<Progress> {
  const [latest, run, { scanned, newestScan }] = await Promise.all([
    // The latest of any kind may be a look at a repository that whoever sees a part does not see.
    scope.sees.all
      ? db.crawlRun.findFirst({
          where: { orgId: scope.orgId },
          orderBy: { id: 'desc' },
          select: { id: true, state: true },
        })
      : null,
    readNewestRun(db, scope),
    judged ?? readJudged(db, scope),
  ])
  const marks = [latest?.id, latest?.state, run?.id, run?.state, run?.total, run?.done, scanned, newestScan]
  return { run, scanned, mark: markOf(marks) }
}

async function readJudged(db: Database, scope: Scope): Promise<Judged> {
  const [judged] = await db.$queryRaw<Judged[]>`
    select count(s."scanId")::int as scanned, max(s."scanId") as "newestScan"
    from "Standing" s where ${visibleStanding(scope)}`
  return judged ?? { scanned: 0, newestScan: null }
}

/** The newest crawl. A look that somebody asked for runs beside it, and is told on its scorecard. */
export async function readNewestRun(db: Database, scope: Scope): Promise<CrawlRun | null> {
  const [run] = await readRuns(db, scope, { kind: { not: 'look' } }, 1)
  return run ?? null
}

/** Scans are numbered over all repositories: as it stood, the newest one's number would tell how many there were in between. */
function markOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(parts.join(':')).digest('base64url').slice(0, 16)
}

/** Each counts the repositories that the asker sees, so that no run tells of a push to another; nor is a look at one told. */
async function readRuns(
  db: Database,
  scope: Scope,
  where: { kind?: { not: string } },
  take: number,
): Promise<CrawlRun[]> {
  const found = await db.crawlRun.findMany({ where: { ...where, orgId: scope.orgId }, orderBy: { id: 'desc' }, take })
  const ids = found.map(run => run.id)
  const looks = found.reduce((sum, run) => sum + run.total, 0)
  const seen = scope.sees.all ? Prisma.empty : Prisma.sql`and ${ofVisible(scope, looks)}`
  const counts = await db.$queryRaw<{ runId: number; outcome: string; count: number }[]>`
    select o."runId", o.outcome, count(*)::int as count from "CrawlOutcome" o
    where o."runId" = any(${ids}) ${seen} group by 1, 2`
  const runs = found.map(({ orgId: _, startedAt, finishedAt, ...run }) => {
    const own = counts.filter(({ runId }) => runId === run.id)
    const outcomes = Object.fromEntries(own.map(({ outcome, count }) => [outcome, count]))
    const { queued = 0, ...settled } = outcomes
    const done = Object.values(settled).reduce((sum, count) => sum + count, 0)
    return crawlRun.parse({
      ...run,
      total: scope.sees.all ? run.total : queued + done,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
      outcomes: settled,
      done,
    })
  })
  return scope.sees.all ? runs : runs.filter(({ kind, total }) => kind !== 'look' || total > 0)
}

/**
 * That outcome `o`, one of about so many, is of a repository which the asker sees. Few are looked up one by one; for many
 * all that they see are gone through once, which `offset` keeps the planner from taking apart.
 */
function ofVisible(scope: Scope, outcomes: number): Prisma.Sql {
  if (outcomes > LOOKED_UP_MOST)
    return Prisma.sql`o."repositoryId" in (select s."repositoryId" from "Standing" s where ${visibleStanding(scope)} offset 0)`
  return Prisma.sql`exists (select 1 from "Repository" r where r.id = o."repositoryId" and ${visible(scope)})`
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
    from "Standing" s join "Repository" r on r.id = s."repositoryId"
    where ${visibleStanding(scope)} and s.outcome not in ('ok', 'empty')
    group by r.outcome, r."outcomeReason" order by count desc, r.outcome`
}
