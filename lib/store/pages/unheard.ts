import type { CrawlRun } from '../../api/crawls.ts'
import type { Database } from '../database.ts'

/**
 * Since when no worker has been heard of; null while one is within `patienceMs`. `run` is the newest crawl: one that is under
 * way is heard of by each repository that it settles, which is asked only where it began longer ago than that.
 */
export async function unheardSince(
  db: Database,
  run: CrawlRun | null,
  patienceMs: number,
  now: Date,
): Promise<Date | null> {
  // The demo's past is told with its own dates.
  if (run === null || run.kind === 'replay') return null
  const begun = new Date(run.finishedAt ?? run.startedAt)
  const isLate = (at: Date) => now.getTime() - at.getTime() > patienceMs
  if (!isLate(begun) || run.state !== 'running') return isLate(begun) ? begun : null
  const [settled] = await db.$queryRaw<{ at: Date | null }[]>`
    select max(at) as at from "CrawlOutcome" where "runId" = ${run.id}`
  const heard = settled?.at ?? begun
  return isLate(heard) ? heard : null
}
