import type { Scope } from '../../api/frame.ts'
import type { Mover } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import { countedStanding } from './fragments.ts'
import type { Moved } from './standings.ts'

const REASONS_EACH = 3

/** Nothing of a check where no finding came or went: it is told by its name alone. */
type Reason = { id: bigint; name: string; checkId: string | null; fixed: number; opened: number }

/** Those that moved, each with its name and the checks that moved it. One query, none where nothing moved. */
export async function withReasons(
  db: Database,
  scope: Scope,
  { up, down }: { up: readonly Moved[]; down: readonly Moved[] },
  since: Date,
): Promise<{ up: Mover[]; down: Mover[] }> {
  const ids = [...up, ...down].map(({ id }) => BigInt(id))
  if (ids.length === 0) return { up: [], down: [] }
  const reasons = await db.$queryRaw<Reason[]>`
    select s."repositoryId" as id, s.name, f."checkId",
      (count(*) filter (where f."firstSeen" <= ${since} and f."fixedAt" > ${since}))::int as fixed,
      (count(*) filter (where f."firstSeen" > ${since} and f."fixedAt" is null))::int as opened
    from "Standing" s
    left join "Finding" f on f."repositoryId" = s."repositoryId" and (f."firstSeen" > ${since} or f."fixedAt" > ${since})
    where ${countedStanding(scope)} and s."repositoryId" = any(${ids})
    group by s."repositoryId", f."checkId"`
  const explained = ({ id, ...moved }: Moved): Mover[] => {
    const own = reasons.filter(reason => reason.id === BigInt(id))
    // Gone since it was counted.
    if (own[0] === undefined) return []
    const why = own.flatMap(({ checkId, fixed, opened }) =>
      checkId !== null && fixed + opened > 0 ? { checkId, fixed, opened } : [],
    )
    why.sort((a, b) => b.fixed + b.opened - a.fixed - a.opened)
    return [{ ...moved, name: own[0].name, reasons: why.slice(0, REASONS_EACH) }]
  }
  return { up: up.flatMap(explained), down: down.flatMap(explained) }
}
