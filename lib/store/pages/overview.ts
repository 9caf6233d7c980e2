import type { Scope } from '../../api/frame.ts'
import type { ItemRow, NewlyFailing, Overview } from '../../api/overview.ts'
import { passShare, rangeOf } from '../../api/trends.ts'
import { ITEMS, SECTIONS } from '../../check.ts'
import type { Database } from '../database.ts'
import { itemsAround, newlyFailing, startOf } from './courses.ts'
import { countedStanding, noCounts, shownAs } from './fragments.ts'
import { withReasons } from './movers.ts'
import { once, type Population, readPopulation } from './population.ts'
import { standingsOf } from './standings.ts'
import { readChanges, scoreTrend } from './trend.ts'

const NEWLY_SHOWN = 8

/** Everything of the first page, in four queries whatever the number of repositories. `since`: what it is compared with. */
export async function readOverview(db: Database, scope: Scope, since: Date, now: Date): Promise<Overview> {
  const range = rangeOf({}, now)
  const population = readPopulation(db, scope)
  const [standings, newlyFailing, items, trend, changes] = await Promise.all([
    readExplained(db, scope, population, since),
    population.then(all => readNewlyFailing(db, scope, all, since)),
    population.then(all => itemRows(all, since)),
    population.then(all => scoreTrend(all, range)),
    readChanges(db, scope, range),
  ])
  return { ...standings, trend, changes, items, newlyFailing }
}

/** The standings, with why those moved that moved most: asked as soon as these are known. */
async function readExplained(db: Database, scope: Scope, population: Promise<Population>, since: Date) {
  const { whole, teams, ...moved } = standingsOf(await population, since)
  return { ...whole, teams, ...(await withReasons(db, scope, moved, since)) }
}

function itemRows(population: Population, since: Date): ItemRow[] {
  const turns = itemsAround(population, since)
  return [...ITEMS, ...SECTIONS].map(({ id }) => {
    const counts = noCounts()
    const before = noCounts()
    for (const { key, state, step, change } of turns) {
      if (key !== id) continue
      counts[shownAs(state)] += change
      if (step === 0) before[shownAs(state)] += change
    }
    const share = passShare(before)
    return { item: id, counts, passBefore: share === null ? null : share / 100 }
  })
}

/** Checks that fail now and did not then, in repositories that were already judged then: the latest. One query. */
async function readNewlyFailing(
  db: Database,
  scope: Scope,
  population: Population,
  since: Date,
): Promise<NewlyFailing[]> {
  const latest = once(population, `newly failing since ${since.getTime()}`, () =>
    newlyFailing(population, since)
      .sort((a, b) => b.day - a.day || b.scanId - a.scanId)
      .slice(0, NEWLY_SHOWN),
  )
  if (latest.length === 0) return []
  return db.$queryRaw<NewlyFailing[]>`
    select s.name, c."checkId", c.failing as findings, (
      select p."scannedAt" from "Scan" p join "CheckResult" past on past."scanId" = p.id
      where p."repositoryId" = s."repositoryId" and p."scannedAt" >= newly.day and past."checkId" = c."checkId" and past.outcome = 'fail'
      order by p."scannedAt" limit 1) as since
    from unnest(${latest.map(({ id }) => BigInt(id))}::bigint[], ${latest.map(({ scanId }) => scanId)}::int[],
      ${latest.map(({ check }) => check)}::text[], ${latest.map(({ day }) => startOf(day))}::timestamptz[]) newly (id, scan, "check", day)
    join "Standing" s on s."repositoryId" = newly.id
    join "CheckResult" c on c."scanId" = newly.scan and c."checkId" = newly."check"
    where ${countedStanding(scope)}
    order by since desc, s.name, c."checkId"`
}
