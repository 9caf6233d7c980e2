import type { CheckCounts, FailingRepository } from '../../api/checks.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { counted, noCounts, shownAs } from './fragments.ts'

/** How every check stands over the repositories that count. One query. */
export async function readCheckCounts(db: Database, scope: Scope): Promise<Map<string, CheckCounts>> {
  const rows = await db.$queryRaw<{ checkId: string; outcome: string; count: number; findings: number }[]>`
    select c."checkId", c.outcome, count(*)::int as count, sum(c.failing)::int as findings
    from "Repository" r join "CheckResult" c on c."scanId" = r."latestScanId"
    where ${counted(scope)} group by c."checkId", c.outcome`
  const all = new Map<string, CheckCounts>()
  for (const { checkId, outcome, count, findings } of rows) {
    const entry = all.get(checkId) ?? { checkId, counts: noCounts(), findings: 0 }
    entry.counts[shownAs(outcome)] += count
    entry.findings += findings
    all.set(checkId, entry)
  }
  return all
}

/** The repositories with the most findings of a check, most first. */
export async function readFailing(db: Database, scope: Scope, checkId: string): Promise<FailingRepository[]> {
  return db.$queryRaw<FailingRepository[]>`
    select r.name, c.failing, c.examined, (
      select min(f."firstSeen") from "Finding" f
      where f."repositoryId" = r.id and f."checkId" = c."checkId" and f."fixedAt" is null) as since
    from "Repository" r join "CheckResult" c on c."scanId" = r."latestScanId"
    where ${counted(scope)} and c."checkId" = ${checkId} and c.outcome = 'fail'
    order by c.failing desc, r.name limit 10`
}
