import type { Database } from './database.ts'

/** What tells whether the installation works: asked for by whoever watches it. Counts only, no names. */
export type Health = {
  /** Jobs that wait or run, by name; empty before the queue was made. */
  jobs: { name: string; waiting: number; failed: number }[]
  repositories: { outcome: string; count: number }[]
  lastCrawl: {
    state: string
    startedAt: Date
    finishedAt: Date | null
    rest: number
    points: number
    git: number
  } | null
  /** As the host last told it. */
  budget: Partial<Record<'core' | 'graphql', { limit: number; remaining: number }>>
}

/** Four small queries. Throws where the database does not answer. */
export async function readHealth(db: Database): Promise<Health> {
  const [queue] = await db.$queryRaw<{ made: boolean }[]>`select to_regclass('pgboss.job') is not null as made`
  const [jobs, repositories, lastCrawl] = await Promise.all([
    queue?.made
      ? db.$queryRaw<Health['jobs']>`
          select name, (count(*) filter (where state < 'completed'))::int as waiting,
            (count(*) filter (where state = 'failed'))::int as failed
          from pgboss.job group by name order by name`
      : [],
    db.$queryRaw<Health['repositories']>`
      select coalesce(outcome, 'waiting') as outcome, count(*)::int as count
      from "Repository" where "goneAt" is null group by 1 order by 1`,
    db.crawlRun.findFirst({ where: { kind: { not: 'look' } }, orderBy: { id: 'desc' } }),
  ])
  if (lastCrawl === null) return { jobs, repositories, lastCrawl, budget: {} }
  const { state, startedAt, finishedAt, rest, points, git, budget } = lastCrawl
  return {
    jobs,
    repositories,
    lastCrawl: { state, startedAt, finishedAt, rest, points, git },
    budget: (budget ?? {}) as Health['budget'],
  }
}
