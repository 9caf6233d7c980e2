import type { Scope } from '../../api/frame.ts'
import type { TeamRow } from '../../api/overview.ts'
import type { Database } from '../database.ts'
import { counted, placeAt, scoreAt } from './fragments.ts'

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
      select r.id, r.name, r.teams, s.score, s.hardening, s."itemsMet" as met, s."itemsApplied" as applied,
        coalesce(s."openFindings", 0) as findings, ${scoreAt(since)} as past, h."allMet"[${placeAt(since)}] as "allMetBefore"
      from "Repository" r left join "Standing" s on s."repositoryId" = r.id
      left join "ScoreHistory" h on h."repositoryId" = r.id
      where ${counted(scope)}),
    moved as (select id, name, score, score - past as change from standing where abs(score - past) >= 1)
    select
      (select row_to_json(w) from (
        select avg(score) as score, avg(past) as "scoreBefore", avg(hardening) as hardening, count(*)::int as repositories,
          (count(*) filter (where applied > 0 and met = applied))::int as "allMet",
          (count(*) filter (where "allMetBefore"))::int as "allMetBefore",
          coalesce(sum(findings), 0)::int as findings from standing) w) as whole,
      (select coalesce(json_agg(t), '[]') from (
        select team, count(*)::int as repositories, avg(score) as score, avg(score) - avg(past) as change,
          sum(findings)::int as findings
        from (select unnest(teams) as team, score, past, findings from standing) s group by team order by findings desc, team) t) as teams,
      (select coalesce(json_agg(m), '[]') from (
        select id::text, name, score, change from moved where change > 0 order by change desc, name limit ${SHOWN_EACH_WAY}) m) as up,
      (select coalesce(json_agg(m), '[]') from (
        select id::text, name, score, change from moved where change < 0 order by change, name limit ${SHOWN_EACH_WAY}) m) as down`
  return row
}
