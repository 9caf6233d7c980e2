import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import { type OwnersTold, ownersFrom } from '../../api/owners.ts'
import {
  PAGE_SIZE,
  type Repositories,
  type RepositoriesAsk,
  type RepositoriesQuery,
  type RepositoryRow,
} from '../../api/repositories.ts'
import type { Database } from '../database.ts'
import { ownersOfRepository } from '../owners.ts'
import { visible } from '../visible.ts'
import { STATES } from './courses.ts'
import { scoreAt, shownAs } from './fragments.ts'
import { MINIMUM, matching, STANDING, sinceOf } from './repository-filter.ts'

type Found = Omit<RepositoryRow, 'states' | 'owners'> &
  OwnersTold & { total: number; states: Record<string, number> | null }

// A select of a thousand topics helps nobody; whoever needs a rarer one can write it into the address.
const FACETS_MOST = 300

/** One page of the list, filtered and sorted by the database, in two queries whatever its length. */
export async function readRepositories(
  db: Database,
  scope: Scope,
  query: RepositoriesAsk,
  now: Date,
): Promise<Repositories> {
  const [found, facets] = await Promise.all([findRows(db, scope, query, now), readFacets(db, scope)])
  const rows = found.map(({ total: _, teams, codeOwners, propertyOwners, states, ...row }) => ({
    ...row,
    owners: ownersFrom({ teams, codeOwners, propertyOwners }),
    states: Object.fromEntries(
      Object.entries(states ?? {}).map(([item, state]) => [item, shownAs(STATES[state] ?? '')]),
    ),
  }))
  return { rows, total: found[0]?.total ?? 0, ...facets }
}

async function findRows(db: Database, scope: Scope, query: RepositoriesAsk, now: Date): Promise<Found[]> {
  const { key, direction } = sortOf(query, now)
  const history = Prisma.sql`left join "ScoreHistory" h on h."repositoryId" = r.id`
  const items = MINIMUM.map(item => `item:${item}`)
  // What is shown is read for the page alone; filtering and sorting see only what they go by.
  return db.$queryRaw<Found[]>`
    with found as materialized (
      select r.id, r.name, ${key} as key from "Repository" r ${STANDING} ${history} where ${matching(scope, query, now)}),
    page as materialized (
      select id, row_number() over () as place from (
        select id from found order by key ${direction} nulls last, name
        limit ${PAGE_SIZE} offset ${(query.page - 1) * PAGE_SIZE}) sorted)
    select r.name, r.visibility, r.archived, r.fork, r."primaryLanguage" as language, r.topics,
      r.teams, r."codeOwners", r."propertyOwners", r."pushedAt", r."crawledAt",
      r.outcome as crawl, r."outcomeReason" as "crawlReason", st.score, st.grade, st.hardening,
      coalesce(st."itemsMet", 0) as "itemsMet", coalesce(st."itemsApplied", 0) as "itemsApplied",
      coalesce(st."openFindings", 0) as findings, (select count(*)::int from found) as total,
      ${scoreAt(sinceOf(query, now))} as "scoreBefore", (
        select jsonb_object_agg(split_part(k.name, ':', 2), get_byte(st.states, k.id - 1)) from "Subject" k
        where k.name = any(${items}) and substr(st.states, k.id, 1) > '\\x00'::bytea) as states
    from page join "Repository" r on r.id = page.id ${STANDING} ${history} order by page.place`
}

function sortOf(query: RepositoriesQuery, now: Date): { key: Prisma.Sql; direction: Prisma.Sql } {
  const key = {
    name: Prisma.sql`lower(r.name)`,
    score: Prisma.sql`st.score`,
    change: Prisma.sql`st.score - ${scoreAt(sinceOf(query, now))}`,
    hardening: Prisma.sql`st.hardening`,
    findings: Prisma.sql`st."openFindings"`,
    pushed: Prisma.sql`r."pushedAt"`,
  }[query.sort]
  return { key, direction: query.order === 'asc' ? Prisma.sql`asc` : Prisma.sql`desc` }
}

/** What the filters can be set to, most common first. One query. */
async function readFacets(db: Database, scope: Scope): Promise<Pick<Repositories, 'owners' | 'languages' | 'topics'>> {
  // Most repositories are like others in this: those are taken together first.
  const rows = await db.$queryRaw<{ kind: 'owner' | 'topic' | 'language'; name: string }[]>`
    with seen as materialized (
      select ${ownersOfRepository} as owners, r.topics, r."primaryLanguage", count(*) as times
      from "Repository" r where ${visible(scope)} group by 1, 2, 3),
    named as (
      select 'owner' as kind, owner as name, times from seen cross join lateral (select distinct unnest(owners) as owner) own
      union all select 'topic', unnest(topics), times from seen
      union all select 'language', "primaryLanguage", times from seen where "primaryLanguage" is not null)
    select kind, name from named group by kind, name order by kind, sum(times) desc, name`
  const of = (kind: string, most: number) =>
    rows
      .filter(row => row.kind === kind)
      .slice(0, most)
      .map(row => row.name)
      .sort((a, b) => a.localeCompare(b, 'en'))
  return { owners: of('owner', FACETS_MOST), topics: of('topic', FACETS_MOST), languages: of('language', FACETS_MOST) }
}
