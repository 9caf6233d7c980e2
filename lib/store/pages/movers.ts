import type { Mover } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import type { Moved } from './standings.ts'

const REASONS_EACH = 3

type Reason = { repositoryId: bigint; checkId: string; fixed: number; opened: number }

/** Those that moved, each with the checks that moved it. One query, none where nothing moved. */
export async function withReasons(
  db: Database,
  { up, down }: { up: readonly Moved[]; down: readonly Moved[] },
  since: Date,
): Promise<{ up: Mover[]; down: Mover[] }> {
  const ids = [...up, ...down].map(row => BigInt(row.id))
  if (ids.length === 0) return { up: [], down: [] }
  const reasons = await db.$queryRaw<Reason[]>`
    select f."repositoryId", f."checkId",
      (count(*) filter (where f."firstSeen" <= ${since} and f."fixedAt" > ${since}))::int as fixed,
      (count(*) filter (where f."firstSeen" > ${since} and f."fixedAt" is null))::int as opened
    from "Finding" f
    where f."repositoryId" = any(${ids})
      and (f."firstSeen" > ${since} or f."fixedAt" > ${since})
    group by f."repositoryId", f."checkId"`
  const explained = ({ id, ...row }: Moved): Mover => ({
    ...row,
    reasons: reasons
      .filter(reason => reason.repositoryId === BigInt(id) && reason.fixed + reason.opened > 0)
      .sort((a, b) => b.fixed + b.opened - a.fixed - a.opened)
      .slice(0, REASONS_EACH)
      .map(({ checkId, fixed, opened }) => ({ checkId, fixed, opened })),
  })
  return { up: up.map(explained), down: down.map(explained) }
}
