import type { Fixes } from '../../api/scorecard.ts'
import type { Database } from '../database.ts'

export const NO_FIXES: Fixes = { safe: 0, review: 0 }

/** How many of the open findings of each check that count bring a fix, by its safety. One query. */
export async function readFixes(db: Database, repositoryId: bigint): Promise<Map<string, Fixes>> {
  const rows = await db.$queryRaw<(Fixes & { checkId: string })[]>`
    select f."checkId", (count(*) filter (where f.patch->>'safety' = 'safe'))::int as safe,
      (count(*) filter (where f.patch->>'safety' = 'review'))::int as review
    from "Finding" f where f."repositoryId" = ${repositoryId} and f."fixedAt" is null and f."waiverId" is null
      and f.patch is not null
    group by f."checkId"`
  return new Map(rows.map(({ checkId, ...fixes }) => [checkId, fixes]))
}
