import type { Scope } from '../../api/frame.ts'
import type { TrendPoint } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import { counted } from './fragments.ts'

const WEEK_MS = 7 * 24 * 3600 * 1000
const WEEKS = 52

/**
 * The mean score at the end of each of the last 52 weeks. Every scan adds its difference to the scan before it, so that
 * one pass over the scans is enough, however many weeks and repositories there are.
 */
export async function readTrend(db: Database, scope: Scope, now: Date): Promise<TrendPoint[]> {
  const start = new Date(now.getTime() - WEEKS * WEEK_MS)
  const steps = await db.$queryRaw<{ week: number; points: number; repositories: number }[]>`
    with scored as (
      select s."scannedAt", s.score, lag(s.score) over (partition by s."repositoryId" order by s."scannedAt", s.id) as past
      from "Scan" s join "Repository" r on r.id = s."repositoryId"
      where ${counted(scope)} and s."scannedAt" <= ${now})
    select greatest(0, ceil(extract(epoch from "scannedAt" - ${start}::timestamptz) / 604800))::int as week,
      sum(coalesce(score, 0) - coalesce(past, 0))::float8 as points,
      sum((score is not null)::int - (past is not null)::int)::int as repositories
    from scored group by week order by week`
  const trend: TrendPoint[] = []
  let points = 0
  let repositories = 0
  for (let week = 0; week <= WEEKS; week++) {
    for (const step of steps) {
      if (step.week !== week) continue
      points += step.points
      repositories += step.repositories
    }
    const at = new Date(start.getTime() + week * WEEK_MS)
    trend.push({ at, repositories, score: repositories === 0 ? null : points / repositories })
  }
  return trend
}

/** When another checklist was first used, without the first of all. */
export async function readChecklistChanges(db: Database, scope: Scope): Promise<Date[]> {
  const rows = await db.$queryRaw<{ at: Date }[]>`
    select min(s."scannedAt") as at from "Scan" s join "Repository" r on r.id = s."repositoryId"
    where ${counted(scope)} group by s."checklistVersion" order by at`
  return rows.slice(1).map(row => row.at)
}
