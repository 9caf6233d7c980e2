import type { Scope } from '../../api/frame.ts'
import { OWNER_SOURCES, type OwnerRow, type OwnerSource, type Owners } from '../../api/owners.ts'
import type { Database } from '../database.ts'
import { counted, scoreAt } from './fragments.ts'

type Told = Omit<OwnerRow, 'sources'> & Record<OwnerSource, boolean>

/** Every owner with how their repositories stand now and stood then. One query that gives a row for each owner. */
export async function readOwners(db: Database, scope: Scope, since: Date): Promise<Owners> {
  const [told] = await db.$queryRaw<[{ rows: Told[]; repositories: number; unowned: number }]>`
    with standing as materialized (
      select r.id, r.teams, r."codeOwners", r."propertyOwners", s.score, s."itemsMet" as met, s."itemsApplied" as applied,
        coalesce(s."openFindings", 0) as findings, ${scoreAt(since)} as past
      from "Repository" r left join "Standing" s on s."repositoryId" = r.id
      left join "ScoreHistory" h on h."repositoryId" = r.id
      where ${counted(scope)}),
    named as (
      select id, unnest(teams) as name, 'team' as source from standing
      union all select id, unnest("codeOwners"), 'codeowners' from standing
      union all select id, unnest("propertyOwners"), 'property' from standing),
    owned as (
      select id, name, bool_or(source = 'team') as team, bool_or(source = 'codeowners') as codeowners,
        bool_or(source = 'property') as property
      from named group by id, name),
    league as (
      select name, bool_or(team) as team, bool_or(codeowners) as codeowners, bool_or(property) as property,
        count(*)::int as repositories, avg(score) as score, avg(score) - avg(past) as change,
        (count(*) filter (where applied > 0 and met = applied))::int as "allMet",
        (count(*) filter (where score - past >= 1))::int as up, (count(*) filter (where past - score >= 1))::int as down,
        sum(findings)::int as findings
      from owned join standing using (id) group by name)
    select (select coalesce(json_agg(l order by l.name), '[]') from league l) as rows,
      (select count(*)::int from standing) as repositories,
      (select count(*)::int from standing where id not in (select id from owned)) as unowned`
  const rows = told.rows.map(({ team, codeowners, property, ...row }) => {
    const by = { team, codeowners, property }
    return { ...row, sources: OWNER_SOURCES.filter(source => by[source]) }
  })
  return { ...told, rows }
}
