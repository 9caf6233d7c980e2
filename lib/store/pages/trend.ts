import type { Scope } from '../../api/frame.ts'
import type { Range, ScorePoint, StatePoint, Trends, TrendsQuery } from '../../api/trends.ts'
import { ITEMS, type ItemId, SECTIONS } from '../../check.ts'
import type { Database } from '../database.ts'
import { visible } from '../visible.ts'
import { checkSteps, itemSteps, scoreSteps, type TurnStep } from './courses.ts'
import { noCounts, shownAs } from './fragments.ts'
import { ofTeam, type Population, readPopulation } from './population.ts'

/** Everything of the trends page. Two queries, whatever the range. */
export async function readTrends(db: Database, scope: Scope, query: TrendsQuery, range: Range): Promise<Trends> {
  const { team, item, check } = query
  const [whole, changes] = await Promise.all([readPopulation(db, scope), readChanges(db, scope, range)])
  const population = team ? ofTeam(whole, team) : whole
  const items = itemTrends(population, range)
  const subject = check ? summed(checkSteps(population, check, range), range) : null
  return {
    range,
    score: scoreTrend(population, range),
    items,
    subject: subject ?? (item ? (items.find(one => one.item === item)?.points ?? []) : null),
    changes,
    teams: [...new Set(whole.kinds.flatMap(({ teams }) => teams))].sort(),
  }
}

/** The mean score at the end of each step. */
export function scoreTrend(population: Population, range: Range): ScorePoint[] {
  const steps = scoreSteps(population, range)
  let points = 0
  let repositories = 0
  return range.ends.map((at, index) => {
    points += steps[index]?.points ?? 0
    repositories += steps[index]?.repositories ?? 0
    return { at, repositories, score: repositories === 0 ? null : points / repositories }
  })
}

function itemTrends(population: Population, range: Range): Trends['items'] {
  const steps = itemSteps(population, range)
  return [...ITEMS, ...SECTIONS].flatMap(({ id }) => {
    const own = steps.filter(step => step.key === id)
    return own.length === 0 ? [] : [{ item: id as ItemId, points: summed(own, range) }]
  })
}

function summed(steps: readonly TurnStep[], range: Range): StatePoint[] {
  const counts = noCounts()
  return range.ends.map((at, index) => {
    for (const { step, state, change } of steps) if (step === index) counts[shownAs(state)] += change
    return { at, counts: { ...counts } }
  })
}

/** When another checklist was first used within the range, without the very first, and when another policy was saved. */
export async function readChanges(db: Database, scope: Scope, { from, to }: Range): Promise<Trends['changes']> {
  return db.$queryRaw<Trends['changes']>`
    with recursive known as (
      -- From each checklist to the next over the index: a few steps, where every scan would be read otherwise.
      (select "checklistVersion" as version from "Scan" order by 1 limit 1)
      union all
      select (select s."checklistVersion" from "Scan" s where s."checklistVersion" > known.version order by 1 limit 1)
      from known where known.version is not null),
    used as (
      select version, first.at from known cross join lateral (
        select s."scannedAt" as at from "Scan" s join "Repository" r on r.id = s."repositoryId"
        where s."checklistVersion" = version and ${visible(scope)} order by s."scannedAt" limit 1) first),
    later as (select *, row_number() over (order by at) as place from used),
    changed as (
      select 'checklist' as what, at from later where place > 1
      union all select 'policy', v."savedAt" from "PolicyVersion" v where v."orgId" = ${scope.orgId})
    select what, at from changed where at between ${from} and ${to} order by at`
}
