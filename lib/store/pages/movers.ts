import type { Mover } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import type { Standing } from './teams.ts'

const SHOWN_EACH_WAY = 4
const REASONS_EACH = 3

type Reason = { repositoryId: bigint; checkId: string; fixed: number; opened: number }

/** The repositories whose score moved most since then, each with the checks that moved it. One query. */
export async function readMovers(
  db: Database,
  standings: readonly Standing[],
  since: Date,
): Promise<{ up: Mover[]; down: Mover[] }> {
  const moved = standings
    .flatMap(({ id, name, score, scoreBefore }) =>
      score === null || scoreBefore === null ? [] : [{ id, name, score, change: score - scoreBefore }],
    )
    .filter(row => Math.abs(row.change) >= 1)
    .sort((a, b) => b.change - a.change || a.name.localeCompare(b.name))
  const up = moved.filter(row => row.change > 0).slice(0, SHOWN_EACH_WAY)
  const down = moved
    .filter(row => row.change < 0)
    .slice(-SHOWN_EACH_WAY)
    .reverse()
  const ids = [...up, ...down].map(row => row.id)
  if (ids.length === 0) return { up: [], down: [] }
  const reasons = await db.$queryRaw<Reason[]>`
    select f."repositoryId", f."checkId",
      (count(*) filter (where f."firstSeen" <= ${since} and f."fixedAt" > ${since}))::int as fixed,
      (count(*) filter (where f."firstSeen" > ${since} and f."fixedAt" is null))::int as opened
    from "Finding" f
    where f."repositoryId" = any(${ids})
      and (f."firstSeen" > ${since} or f."fixedAt" > ${since})
    group by f."repositoryId", f."checkId"`
  const withReasons = ({ id, ...row }: (typeof moved)[number]): Mover => ({
    ...row,
    reasons: reasons
      .filter(reason => reason.repositoryId === id && reason.fixed + reason.opened > 0)
      .sort((a, b) => b.fixed + b.opened - a.fixed - a.opened)
      .slice(0, REASONS_EACH)
      .map(({ checkId, fixed, opened }) => ({ checkId, fixed, opened })),
  })
  return { up: up.map(withReasons), down: down.map(withReasons) }
}
