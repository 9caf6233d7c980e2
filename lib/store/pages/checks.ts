import type { CheckCounts, FailingRepository } from '../../api/checks.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { storable } from '../text.ts'
import { FAIL, readStands } from './courses.ts'
import { countedStanding, noCounts, shownAs } from './fragments.ts'
import { readTotals, tallied } from './tallies.ts'

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
  const totals = await readTotals(db, orgId)
  return totals.map(({ key, state, repositories, points }) => ({
    ...{ checkId: key, outcome: state, count: repositories, findings: points },
  }))
}

async function countedCounts(db: Database, scope: Scope): Promise<Row[]> {
  const stands = await readStands(db, scope)
  return stands.map(({ key, state, ...stand }) => ({ checkId: key, outcome: state, ...stand }))
}

/** The repositories with the most findings of a check, most first. */
export async function readFailing(db: Database, scope: Scope, checkId: string): Promise<FailingRepository[]> {
  return db.$queryRaw<FailingRepository[]>`
    with failing as materialized (
      select s."repositoryId" as id, s.name, s."scanId" as scan, substring(c.stands from place.id * 4 - 3 for 4) as stand
      from (select k.id from "Subject" k where k.name = ${storable(`check:${checkId}`)}) place
      join "Standing" s on substr(s.states, place.id, 1) = ${Buffer.of(FAIL)} join "Course" c using ("repositoryId")
      where ${countedStanding(scope)}
      -- Its highest bits are the number of wrong places.
      order by stand desc, s.name limit 10)
    select name, c.failing, c.examined, (
      select min(f."firstSeen") from "Finding" f
      where f."repositoryId" = failing.id and f."checkId" = ${checkId} and f."fixedAt" is null) as since
    from failing join "CheckResult" c on c."scanId" = scan and c."checkId" = ${checkId}
    order by stand desc, name`
}
