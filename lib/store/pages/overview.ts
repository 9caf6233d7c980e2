import type { Scope } from '../../api/frame.ts'
import type { ItemRow, NewlyFailing, Overview } from '../../api/overview.ts'
import { rangeOf } from '../../api/trends.ts'
import { ITEMS, type ItemId, SECTIONS } from '../../check.ts'
import type { Database } from '../database.ts'
import { counted, noCounts, scanBefore, stateOfChecks } from './fragments.ts'
import { readMovers } from './movers.ts'
import { mean, type Standing, teamsOf } from './teams.ts'
import { readChanges, readScoreTrend } from './trend.ts'

/** Everything of the first page, in eight queries whatever the number of repositories. `since`: what it is compared with. */
export async function readOverview(db: Database, scope: Scope, since: Date, now: Date): Promise<Overview> {
  const range = rangeOf({}, now)
  const [standings, items, trend, changes, newlyFailing] = await Promise.all([
    readStandings(db, scope, since),
    readItems(db, scope, since),
    readScoreTrend(db, scope, undefined, range),
    readChanges(db, scope, range),
    readNewlyFailing(db, scope, since),
  ])
  return {
    score: mean(standings.map(row => row.score)),
    scoreBefore: mean(standings.map(row => row.scoreBefore)),
    hardening: mean(standings.map(row => row.hardening)),
    repositories: standings.length,
    allMet: standings.filter(row => (row.itemsApplied ?? 0) > 0 && row.itemsMet === row.itemsApplied).length,
    allMetBefore: standings.filter(row => (row.appliedBefore ?? 0) > 0 && row.metBefore === row.appliedBefore).length,
    trend,
    changes,
    items,
    ...(await readMovers(db, standings, since)),
    teams: teamsOf(standings),
    newlyFailing,
    findings: standings.reduce((sum, row) => sum + (row.findings ?? 0), 0),
  }
}

async function readStandings(db: Database, scope: Scope, since: Date): Promise<Standing[]> {
  return db.$queryRaw<Standing[]>`
    select r.id, r.name, coalesce(r.teams, '{}') as teams, s.score, s.hardening, s."itemsMet", s."itemsApplied", s."openFindings" as findings,
      before.score as "scoreBefore", before."itemsMet" as "metBefore", before."itemsApplied" as "appliedBefore"
    from "Repository" r
    left join "Scan" s on s.id = r."latestScanId"
    ${scanBefore(since)}
    where ${counted(scope)}`
}

async function readItems(db: Database, scope: Scope, since: Date): Promise<ItemRow[]> {
  const rows = await db.$queryRaw<{ item: ItemId; past: boolean; state: keyof ItemRow['counts']; count: number }[]>`
    with looked as (
      select r."latestScanId" as latest, before.id as earlier
      from "Repository" r ${scanBefore(since)} where ${counted(scope)}),
    judged as (
      select scan.past, c.item, ${stateOfChecks} as state
      from (select latest as id, false as past from looked union all select earlier, true from looked) scan
      join "CheckResult" c on c."scanId" = scan.id
      group by scan.past, c."scanId", c.item)
    select item, past, state, count(*)::int as count from judged group by item, past, state`
  return [...ITEMS, ...SECTIONS].map(({ id }) => {
    const counts = noCounts()
    const before = noCounts()
    for (const row of rows) if (row.item === id) (row.past ? before : counts)[row.state] = row.count
    const applied = before.pass + before.fail
    return { item: id, counts, passBefore: applied === 0 ? null : before.pass / applied }
  })
}

/** Checks that fail now and did not then, in repositories that were already judged then. */
async function readNewlyFailing(db: Database, scope: Scope, since: Date): Promise<NewlyFailing[]> {
  return db.$queryRaw<NewlyFailing[]>`
    select r.name, c."checkId", c.failing as findings, max(f."firstSeen") as since
    from "Repository" r
    ${scanBefore(since)}
    join "CheckResult" c on c."scanId" = r."latestScanId" and c.outcome = 'fail'
    join "CheckResult" past on past."scanId" = before.id and past."checkId" = c."checkId" and past.outcome <> 'fail'
    join "Finding" f on f."repositoryId" = r.id and f."checkId" = c."checkId" and f."fixedAt" is null
    where ${counted(scope)}
    group by r.name, c."checkId", c.failing
    order by since desc, r.name
    limit 8`
}
