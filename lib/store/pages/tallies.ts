import type { Scope } from '../../api/frame.ts'
import type { Range } from '../../api/trends.ts'
import type { Database } from '../database.ts'

/**
 * Whether the kept figures answer for this asker: they count every repository of the organisation, so that whoever sees
 * only some of them, or asks for a team, has them counted anew.
 */
export function tallied(scope: Scope, team?: string): boolean {
  return scope.sees.all && team === undefined
}

export type Total = { key: string; state: string; repositories: number; points: number }

/** How many repositories stand in each state of each check now. One query. */
export async function readTotals(db: Database, orgId: number): Promise<Total[]> {
  return db.$queryRaw<Total[]>`
    select substr(t.subject, length('check:') + 1) as key, t.state, t.repositories, t.points
    from "TallyTotal" t where t."orgId" = ${orgId} and t.subject >= 'check:' and t.subject < 'check;'`
}

export type Tallied = { key: string; state: string; now: number; past: number }

/** How many repositories stand in each state of each item, now and at the end of that day. One query. */
export async function readTallies(db: Database, orgId: number, past: Date): Promise<Tallied[]> {
  return db.$queryRaw<Tallied[]>`
    select substr(t.subject, length('item:') + 1) as key, t.state, sum(t.change)::int as now,
      coalesce(sum(t.change) filter (where t.day <= (${past}::timestamptz at time zone 'UTC')::date), 0)::int as past
    from "Tally" t where t."orgId" = ${orgId} and t.subject >= 'item:' and t.subject < 'item;'
    group by t.subject, t.state`
}

export type TallyStep = { key: string; step: number; state: string; change: number; points: number }

/** The changes of a subject (`score`, `check:<id>`) or of a kind (`item`) by the step of the range. One query. */
export async function readTallySteps(db: Database, orgId: number, subject: string, range: Range): Promise<TallyStep[]> {
  const { from, to, stepDays, ends } = range
  const [first, last] = subject === 'item' ? ['item:', 'item;'] : [subject, `${subject}\u0001`]
  return db.$queryRaw<TallyStep[]>`
    with dated as (
      select t.subject, t.state, t.change, t.points,
        least((t.day + 1)::timestamp at time zone 'UTC' - interval '1 millisecond', ${to}::timestamptz) as at
      from "Tally" t where t."orgId" = ${orgId} and t.subject >= ${first} and t.subject < ${last}
        and t.day <= (${to}::timestamptz at time zone 'UTC')::date)
    select split_part(subject, ':', 2) as key, state, sum(change)::int as change, sum(points)::float8 as points,
      case when at <= ${from} then 0
        else ${ends.length - 1}::int - floor(extract(epoch from ${to}::timestamptz - at) / ${stepDays * 86_400})::int end as step
    from dated group by 1, 2, 5`
}
