import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { Counts, Shown } from '../../api/overview.ts'
import { visible, visibleStanding } from '../visible.ts'

/** Repositories that count: they exist, the asker sees them, and they are not archived. `r` is the table's alias. */
export function counted(scope: Scope): Prisma.Sql {
  return Prisma.sql`${visible(scope)} and not r.archived`
}

/** The same, where `s` is the repository's standing. */
export function countedStanding(scope: Scope): Prisma.Sql {
  return Prisma.sql`${visibleStanding(scope)} and not s.archived`
}

/** The score of history `h` at that time; null where it had none. */
export function scoreAt(at: Date): Prisma.Sql {
  return Prisma.sql`nullif(h.scores[${placeAt(at)}], -1)`
}

/** Where in the lists of history `h` that time lies; before the first it is a place that holds nothing. */
function placeAt(at: Date): Prisma.Sql {
  return Prisma.sql`width_bucket(${at}::timestamptz(3), h."at")`
}

/** Several checks' outcomes as one state: the worst that is known, and not-applicable only where none applied. */
export const stateOfChecks = Prisma.sql`case
  when bool_or(c.outcome = 'fail') then 'fail'
  when bool_or(c.outcome in ('unknown', 'error')) then 'unknown'
  when bool_or(c.outcome = 'waived') then 'waived'
  when bool_or(c.outcome = 'pass') then 'pass'
  else 'not-applicable' end`

export function noCounts(): Counts {
  return { pass: 0, waived: 0, fail: 0, unknown: 0, 'not-applicable': 0 }
}

/** `error` is shown as unknown: nobody looked. */
export function shownAs(outcome: string): Shown {
  return outcome === 'error' ? 'unknown' : (outcome as Shown)
}
