import type { Budget, Crawling, Lane } from '../../api/crawling.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { visible } from '../visible.ts'
import { readNewestRun } from './crawls.ts'
import { unheardSince } from './unheard.ts'

type Told = {
  resource: Budget['resource']
  limit: number
  remaining: number
  resetAt: Date | null
  pausedUntil: Date | null
}

/** The parts that lanes leave of a budget are decided by in lib/github/lane.ts; a test holds these to those. */
export const LEAVES: Record<Lane['lane'], number> = { interactive: 0, dirty: 0.2, sweep: 0.2, slow: 0.5 }

/** A batch is settled within seconds; where a run settles nothing for so long, its worker may have stopped. */
const QUIET_MS = 5 * 60_000

/**
 * The crawl that runs, what is left of the budgets as the workers count it, and how much waits in which lane, counted over
 * the repositories that the asker sees. Seven small queries at most.
 */
export async function readCrawling(db: Database, scope: Scope, now: Date): Promise<Crawling> {
  const { orgId } = scope
  const [run, budgets, queued, [hints], slow] = await Promise.all([
    readNewestRun(db, scope),
    db.$queryRaw<Told[]>`
      select b.resource, b."limit", b.remaining, b."resetAt", b."pausedUntil"
      from "Org" o join "Budget" b on b.account = o.account
      where o.id = ${orgId} and b."limit" is not null and b.remaining is not null order by b.resource`,
    db.$queryRaw<{ kind: string; count: number }[]>`
      select run.kind, count(*)::int as count from "CrawlRun" run
      join "CrawlOutcome" o on o."runId" = run.id and o.outcome = 'queued'
      join "Repository" r on r.id = o."repositoryId"
      where run."orgId" = ${orgId} and run.state in ('asked', 'running') and ${visible(scope)} group by run.kind`,
    db.$queryRaw<{ count: number }[]>`
      select count(*)::int as count from "RepositoryHint" h join "Repository" r on r."nodeId" = h."nodeId"
      where h."orgId" = ${orgId} and ${visible(scope)}`,
    readSlow(db, orgId),
  ])
  const quietSince = run?.state === 'running' ? await unheardSince(db, run, QUIET_MS, now) : null
  const ofKind = (...kinds: string[]) =>
    queued.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { count }) => sum + count, 0)
  const waiting: [Lane['lane'], number][] = [
    ['interactive', ofKind('look')],
    ['dirty', ofKind('poll') + (hints?.count ?? 0)],
    ['sweep', ofKind('first', 'sweep', 'replay')],
    ['slow', slow],
  ]
  return {
    at: now.toISOString(),
    run,
    quietSince: quietSince?.toISOString() ?? null,
    budgets: budgets.map(one => ofNow(one, now)),
    lanes: waiting.map(([lane, count]) => ({ lane, waiting: count, leaves: LEAVES[lane] })),
  }
}

/** A budget whose hour is over is full: the next request begins another. */
function ofNow({ resource, limit, remaining, resetAt, pausedUntil }: Told, now: Date): Budget {
  const isOver = resetAt !== null && resetAt <= now
  return {
    resource,
    limit,
    remaining: isOver ? limit : remaining,
    resetAt: isOver || resetAt === null ? null : resetAt.toISOString(),
    pausedUntil: pausedUntil !== null && pausedUntil > now ? pausedUntil.toISOString() : null,
  }
}

/** Jobs that ask repositories for their settings; none before the queue was made. */
async function readSlow(db: Database, orgId: number): Promise<number> {
  const [queue] = await db.$queryRaw<{ made: boolean }[]>`select to_regclass('pgboss.job') is not null as made`
  if (!queue?.made) return 0
  const [row] = await db.$queryRaw<{ jobs: number }[]>`
    select count(*)::int as jobs from pgboss.job
    where name = 'read-settings' and state < 'completed' and data->>'orgId' = ${String(orgId)}`
  return row?.jobs ?? 0
}
