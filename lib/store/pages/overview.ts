import type { Scope } from '../../api/frame.ts'
import type { ItemRow, NewlyFailing, Overview } from '../../api/overview.ts'
import { passShare, rangeOf } from '../../api/trends.ts'
import { ITEMS, SECTIONS } from '../../check.ts'
import type { Database } from '../database.ts'
import { type Courses, dayNumber, FAIL, readCourses, turnsAround } from './courses.ts'
import { countedStanding, noCounts, shownAs } from './fragments.ts'
import { withReasons } from './movers.ts'
import { readStandings } from './standings.ts'
import { readTallies, type Tallied, tallied } from './tallies.ts'
import { readChanges, readScoreTrend } from './trend.ts'

const NEWEST_LOOKED_AT = 2_000
const NEWLY_SHOWN = 8

/** Everything of the first page, in eight queries whatever the number of repositories. `since`: what it is compared with. */
export async function readOverview(db: Database, scope: Scope, since: Date, now: Date): Promise<Overview> {
  const range = rangeOf({}, now)
  const courses = tallied(scope) ? null : readCourses(db, { scope, team: undefined })
  const [standings, newlyFailing, items, trend, changes] = await Promise.all([
    readExplained(db, scope, since),
    readNewlyFailing(db, scope, since),
    readItems(db, scope, since, courses),
    readScoreTrend(db, scope, range, courses),
    readChanges(db, scope, range),
  ])
  return { ...standings, trend, changes, items, newlyFailing }
}

/** The standings, with why those moved that moved most: asked as soon as these are known. */
async function readExplained(db: Database, scope: Scope, since: Date) {
  const { whole, teams, ...moved } = await readStandings(db, scope, since)
  return { ...whole, teams, ...(await withReasons(db, moved, since)) }
}

async function readItems(
  db: Database,
  { orgId }: Scope,
  since: Date,
  courses: Promise<Courses> | null,
): Promise<ItemRow[]> {
  const rows = courses ? itemsOf(await courses, since) : await readTallies(db, orgId, since)
  return [...ITEMS, ...SECTIONS].map(({ id }) => {
    const counts = noCounts()
    const before = noCounts()
    for (const { key, state, now, past } of rows) {
      if (key !== id) continue
      counts[shownAs(state)] += now
      before[shownAs(state)] += past
    }
    const share = passShare(before)
    return { item: id, counts, passBefore: share === null ? null : share / 100 }
  })
}

function itemsOf({ items }: Courses, since: Date): Tallied[] {
  return turnsAround(items, since).map(({ step, change, ...turn }) => ({
    ...turn,
    now: change,
    past: step === 0 ? change : 0,
  }))
}

/**
 * Checks that fail now and did not then, in repositories that were already judged then: each has a finding that came
 * since, so that the newest findings are where to look.
 */
async function readNewlyFailing(db: Database, scope: Scope, since: Date): Promise<NewlyFailing[]> {
  // By single look-ups from the newest finding on: joined, the planner reads the results of every repository instead. What
  // fails no more, is not seen, or came to fail on an earlier day, is passed by with the help of the small rows alone; the
  // results of then are asked only until there are enough.
  const fails = Buffer.of(FAIL)
  return db.$queryRaw<NewlyFailing[]>`
    with fresh as materialized (
      select f."repositoryId", f."checkId", f."firstSeen" from "Finding" f
      where f."fixedAt" is null and f."waiverId" is null and f."firstSeen" > ${since} order by f."firstSeen" desc limit ${NEWEST_LOOKED_AT}),
    failing as materialized (select "repositoryId", "checkId", max("firstSeen") as since from fresh group by 1, 2),
    looked as materialized (
      select n.*, s."scanId", s.name from failing n join "Subject" k on k.name = 'check:' || n."checkId"
      join "Standing" s using ("repositoryId")
      where ${countedStanding(scope)} and substr(s.states, k.id, 1) = ${fails} and coalesce((
        select (get_byte(turns, length(turns) - 4) << 8) + get_byte(turns, length(turns) - 3) >= ${dayNumber(since)}::int
        from (select c.checks[k.id] as turns from "Course" c where c."repositoryId" = n."repositoryId" offset 0) course
        where length(turns) > 0), true)),
    newly as materialized (
      select * from (select * from looked order by since desc, name, "checkId" offset 0) newest where (
        select past.outcome <> 'fail' from "CheckResult" past where past."checkId" = newest."checkId" and past."scanId" = (
          select p.id from "Scan" p where p."repositoryId" = newest."repositoryId" and p."scannedAt" <= ${since}
          order by p."scannedAt" desc, p.id desc limit 1)) limit ${NEWLY_SHOWN})
    select newly.name, newly."checkId", c.failing as findings, newly.since from newly
    join "CheckResult" c on c."scanId" = newly."scanId" and c."checkId" = newly."checkId" order by newly.since desc, newly.name, newly."checkId"`
}
