import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { TeamRow } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import { countedStanding, historyAt } from './fragments.ts'

/** Means of those that have a score; null where none has. `…Before`: at the time compared with. */
export type Whole = {
  score: number | null
  scoreBefore: number | null
  hardening: number | null
  repositories: number
  allMet: number
  allMetBefore: number
  findings: number
}

/** A repository whose score moved by a point or more; the id as digits. */
export type Moved = { id: string; name: string; score: number; change: number }

export type Standings = { whole: Whole; teams: TeamRow[]; up: Moved[]; down: Moved[] }

const SHOWN_EACH_WAY = 4

/**
 * Where the repositories stand now and stood then: as a whole, by team, and those that moved most. One query that gives a
 * few rows, however many repositories there are. A repository of two teams counts in both.
 */
export async function readStandings(db: Database, scope: Scope, since: Date): Promise<Standings> {
  const [row] = await db.$queryRaw<[Standings]>`
    with standing as materialized (
      select "repositoryId" as id, s.owned, s.score, s.hardening, s."openFindings" as findings, h.score as past,
        s."itemsApplied" > 0 and s."itemsMet" = s."itemsApplied" as met, h."allMet" as "metBefore"
      from "Standing" s left join ${historyAt(since)} using ("repositoryId") where ${countedStanding(scope)}),
    -- Most repositories have the same owners as others: those are added up first, and told by one of them.
    kinds as materialized (
      select min(id) as one, count(*) as repositories, sum(score) as points, count(score) as scored, sum(past) as "pointsBefore",
        count(past) as "scoredBefore", sum(hardening) as hardening, count(hardening) as hardened, count(*) filter (where met) as met,
        count(*) filter (where "metBefore") as "metBefore", sum(findings) as findings
      from standing group by owned),
    moved as not materialized (select id, score, score - past as change from standing where abs(score - past) >= 1)
    select
      (select row_to_json(w) from (
        select sum(points) / nullif(sum(scored), 0) as score, sum("pointsBefore") / nullif(sum("scoredBefore"), 0) as "scoreBefore",
          sum(hardening) / nullif(sum(hardened), 0) as hardening, coalesce(sum(repositories), 0) as repositories,
          coalesce(sum(met), 0) as "allMet", coalesce(sum("metBefore"), 0) as "allMetBefore",
          coalesce(sum(findings), 0) as findings from kinds) w) as whole,
      (select coalesce(json_agg(t), '[]') from (
        select team, sum(repositories) as repositories, sum(points) / nullif(sum(scored), 0) as score,
          sum(points) / nullif(sum(scored), 0) - sum("pointsBefore") / nullif(sum("scoredBefore"), 0) as change,
          coalesce(sum(findings), 0) as findings
        from kinds cross join lateral unnest((select s.teams from "Standing" s where s."repositoryId" = kinds.one)) team group by team order by findings desc, team) t) as teams,
      ${mostMoved('up')} as up, ${mostMoved('down')} as down`
  return row
}

/** Of `moved` those that moved most, of those that moved as far the oldest; names are read for these alone. */
function mostMoved(way: 'up' | 'down'): Prisma.Sql {
  const [sign, order] = way === 'up' ? [Prisma.sql`>`, Prisma.sql`desc`] : [Prisma.sql`<`, Prisma.sql`asc`]
  return Prisma.sql`(select coalesce(json_agg(m), '[]') from (
    select most.id::text, r.name, most.score, most.change from (
      select * from moved where change ${sign} 0 order by change ${order}, id limit ${SHOWN_EACH_WAY}) most
    join "Repository" r on r.id = most.id order by most.change ${order}, r.name) m)`
}
