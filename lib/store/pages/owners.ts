import type { Scope } from '../../api/frame.ts'
import { OWNER_SOURCES, type OwnerRow, type OwnerSource, type Owners } from '../../api/owners.ts'
import type { Database } from '../database.ts'
import { countedStanding, historyAt } from './fragments.ts'

type Told = Omit<OwnerRow, 'sources'> & Record<OwnerSource, boolean>

/** Every owner with how their repositories stand now and stood then. One query that gives a row for each owner. */
export async function readOwners(db: Database, scope: Scope, since: Date): Promise<Owners> {
  const [told] = await db.$queryRaw<[{ rows: Told[]; repositories: number; unowned: number }]>`
    with standing as (
      select s."repositoryId", s.owned, s.score, h.score as past, s."openFindings" as findings,
        s."itemsApplied" > 0 and s."itemsMet" = s."itemsApplied" as met
      from "Standing" s left join ${historyAt(since)} using ("repositoryId") where ${countedStanding(scope)}),
    -- Most repositories have the same owners as others: those are added up first, and told by one of them.
    added as (
      select min("repositoryId") as kind, count(*) as repositories, sum(score) as points, count(score) as scored, sum(past) as "pointsBefore", count(past) as "scoredBefore",
        count(*) filter (where met) as met, count(*) filter (where score - past >= 1) as up,
        count(*) filter (where past - score >= 1) as down, sum(findings) as findings
      from standing group by owned),
    kinds as materialized (
      select added.*, s.teams, s."codeOwners", s."propertyOwners" from added cross join lateral (
        select * from "Standing" s where s."repositoryId" = added.kind limit 1) s),
    named as (
      select kind, unnest(teams) as name, 'team' as source from kinds
      union all select kind, unnest("codeOwners"), 'codeowners' from kinds
      union all select kind, unnest("propertyOwners"), 'property' from kinds),
    owned as materialized (
      select kind, name, bool_or(source = 'team') as team, bool_or(source = 'codeowners') as codeowners,
        bool_or(source = 'property') as property
      from named group by kind, name),
    league as (
      select name, bool_or(team) as team, bool_or(codeowners) as codeowners, bool_or(property) as property,
        sum(repositories) as repositories, sum(points) / nullif(sum(scored), 0) as score,
        sum(points) / nullif(sum(scored), 0) - sum("pointsBefore") / nullif(sum("scoredBefore"), 0) as change,
        sum(met) as "allMet", sum(up) as up, sum(down) as down, coalesce(sum(findings), 0) as findings
      from owned join kinds using (kind) group by name)
    select (select coalesce(json_agg(l order by l.name), '[]') from league l) as rows,
      (select coalesce(sum(repositories), 0)::int from kinds) as repositories,
      (select coalesce(sum(repositories), 0)::int from kinds where kind not in (select kind from owned)) as unowned`
  const rows = told.rows.map(({ team, codeowners, property, ...row }) => {
    const by = { team, codeowners, property }
    return { ...row, sources: OWNER_SOURCES.filter(source => by[source]) }
  })
  return { ...told, rows }
}
