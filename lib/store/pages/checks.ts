import type { CheckCounts, FailingRepository } from '../../api/checks.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { storable } from '../text.ts'
import { counted, noCounts, shownAs } from './fragments.ts'
import { readTallies, tallied } from './tallies.ts'

/** How every check stands over the repositories that count. One query. */
export async function readCheckCounts(db: Database, scope: Scope): Promise<Map<string, CheckCounts>> {
  const rows = tallied(scope) ? await keptCounts(db, scope) : await countedCounts(db, scope)
  const all = new Map<string, CheckCounts>()
  for (const { checkId, outcome, count, findings } of rows) {
    const entry = all.get(checkId) ?? { checkId, counts: noCounts(), findings: 0 }
    entry.counts[shownAs(outcome)] += count
    entry.findings += findings
    all.set(checkId, entry)
  }
  return all
}

type Row = { checkId: string; outcome: string; count: number; findings: number }

async function keptCounts(db: Database, { orgId }: Scope): Promise<Row[]> {
  const rows = await readTallies(db, orgId, 'check', new Date(0))
  return rows.map(({ key, state, now, points }) => ({ checkId: key, outcome: state, count: now, findings: points }))
}

async function countedCounts(db: Database, scope: Scope): Promise<Row[]> {
  return db.$queryRaw<Row[]>`
    select c."checkId", c.outcome, count(*)::int as count, sum(c.failing)::int as findings
    from "Repository" r join "CheckResult" c on c."scanId" = r."latestScanId"
    where ${counted(scope)} group by c."checkId", c.outcome`
}

/** The repositories with the most findings of a check, most first. */
export async function readFailing(db: Database, scope: Scope, checkId: string): Promise<FailingRepository[]> {
  return db.$queryRaw<FailingRepository[]>`
    with failing as materialized (
      select r.id, r.name, c.failing, c.examined
      from "Repository" r join "Standing" s on s."repositoryId" = r.id
      join "CheckResult" c on c."scanId" = s."scanId" and c."checkId" = ${checkId} and c.outcome = 'fail'
      where ${counted(scope)} and s.states @> array[${storable(`check:${checkId} fail`)}]
      order by c.failing desc, r.name limit 10)
    select name, failing, examined, (
      select min(f."firstSeen") from "Finding" f
      where f."repositoryId" = failing.id and f."checkId" = ${checkId} and f."fixedAt" is null) as since
    from failing order by failing desc, name`
}
