import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import { type OwnersTold, ownersFrom } from '../../api/owners.ts'
import { PAGE_SIZE, type Repositories, type RepositoriesAsk, type RepositoryRow } from '../../api/repositories.ts'
import type { Database } from '../database.ts'
import { historiesOf } from '../histories.ts'
import { ownersOfRepository } from '../owners.ts'
import { visible, visibleStanding } from '../visible.ts'
import { STATES } from './courses.ts'
import { scoreAt, shownAs } from './fragments.ts'
import { numbersIn, placed } from './population.ts'
import { MINIMUM, matching, sinceOf } from './repository-filter.ts'
import { changeSince } from './standings.ts'

type Found = Omit<RepositoryRow, 'states' | 'owners'> &
  OwnersTold & { total: number; states: Record<string, number> | null }

// A select of a thousand topics helps nobody; whoever needs a rarer one can write it into the address.
const FACETS_MOST = 300

/** One page of the list, in two queries whatever its length; in three where it is sorted by change. */
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
  const items = MINIMUM.map(item => `item:${item}`)
  const { sort } = query
  const page = sort === 'change' ? await byChange(db, scope, query, now) : bySort(scope, { ...query, sort }, now)
  // What is shown is read for the page alone; filtering and sorting see only what they go by. Of tables joined from the
  // left the database leaves out those that nothing asks for.
  return db.$queryRaw<Found[]>`
    with ${page},
    items as materialized (
      select k.id, split_part(k.name, ':', 2) as item from "Subject" k where k.name = any(${items}))
    select r.name, r.visibility, r.archived, r.fork, r."primaryLanguage" as language, r.topics,
      r.teams, r."codeOwners", r."propertyOwners", r."pushedAt", r."crawledAt",
      r.outcome as crawl, r."outcomeReason" as "crawlReason", s.score, s.grade, s.hardening,
      coalesce(s."itemsMet", 0) as "itemsMet", coalesce(s."itemsApplied", 0) as "itemsApplied",
      coalesce(s."openFindings", 0) as findings, (select count from counted) as total,
      ${scoreAt(sinceOf(query, now))} as "scoreBefore", (
        select jsonb_object_agg(items.item, get_byte(s.states, items.id - 1)) from items
        where substr(s.states, items.id, 1) > '\\x00'::bytea) as states
    from page join "Repository" r on r.id = page.id join "Standing" s on s."repositoryId" = page.id
    left join "ScoreHistory" h on h."repositoryId" = page.id where ${visible(scope)} order by page.place`
}

const KEYS = {
  name: Prisma.sql`lower(s.name)`,
  score: Prisma.sql`s.score`,
  hardening: Prisma.sql`s.hardening`,
  findings: Prisma.sql`s."openFindings"`,
  pushed: Prisma.sql`r."pushedAt"`,
}

/** The repositories of the page as `page`, by their place in it, and how many there are in all as `counted`. */
function bySort(scope: Scope, query: RepositoriesAsk & { sort: keyof typeof KEYS }, now: Date): Prisma.Sql {
  const direction = query.order === 'asc' ? Prisma.sql`asc` : Prisma.sql`desc`
  return Prisma.sql`found as materialized (
      select s."repositoryId" as id, s.name, ${KEYS[query.sort]} as key
      from "Standing" s left join "Repository" r on r.id = s."repositoryId" where ${matching(scope, query, now)}),
    page as materialized (
      select id, row_number() over () as place from (
        select id from found order by key ${direction} nulls last, name
        limit ${PAGE_SIZE} offset ${(query.page - 1) * PAGE_SIZE}) sorted),
    counted as (select count(*)::int as count from found)`
}

/** The same by how much the score changed, as the histories tell; of those that changed as much the oldest first. */
async function byChange(db: Database, scope: Scope, query: RepositoriesAsk, now: Date): Promise<Prisma.Sql> {
  const [row] = await db.$queryRaw<[{ scans: string | null; unjudged: bigint[] | null }]>`
    select encode(string_agg(int4send(s."scanId"), ''::bytea), 'base64') as scans,
      array_agg(s."repositoryId" order by s."repositoryId") filter (where s."scanId" is null) as unjudged
    from "Standing" s left join "Repository" r on r.id = s."repositoryId" where ${matching(scope, query, now)}`
  const scans = numbersIn(Buffer.from(row.scans ?? '', 'base64'))
  const { histories, places } = await historiesOf(db, [scans])
  const since = sinceOf(query, now).getTime()
  const judged = [...placed(scans, places)].map(place => ({
    id: histories.id[place] ?? 0,
    change: changeSince(histories, place, since),
  }))
  const sign = query.order === 'asc' ? 1 : -1
  judged.sort((a, b) => {
    if (a.change === null || b.change === null)
      return Number(a.change === null) - Number(b.change === null) || a.id - b.id
    return (a.change - b.change) * sign || a.id - b.id
  })
  const all = [...judged.map(({ id }) => id), ...(row.unjudged ?? [])]
  const shown = all.slice((query.page - 1) * PAGE_SIZE, query.page * PAGE_SIZE).map(BigInt)
  return Prisma.sql`page as (select id, place from unnest(${shown}::bigint[]) with ordinality as shown (id, place)),
    counted as (select ${all.length}::int as count)`
}

/** What the filters can be set to, most common first. One query. */
async function readFacets(db: Database, scope: Scope): Promise<Pick<Repositories, 'owners' | 'languages' | 'topics'>> {
  // Many repositories have the same owners, or the same topics and language: one of each kind is looked at.
  const rows = await db.$queryRaw<{ kind: 'owner' | 'topic' | 'language'; name: string }[]>`
    with alike as materialized (
      select min(s."repositoryId") as id, s.owned, s.labelled, count(*) as times
      from "Standing" s where ${visibleStanding(scope)} group by grouping sets ((s.owned), (s.labelled))),
    named as (
      select 'owner' as kind, owner as name, times from alike join "Repository" r using (id)
        cross join lateral (select distinct unnest(${ownersOfRepository}) as owner) own where owned is not null
      union all select 'topic', unnest(r.topics), times from alike join "Repository" r using (id) where labelled is not null
      union all select 'language', r."primaryLanguage", times from alike join "Repository" r using (id)
        where labelled is not null and r."primaryLanguage" is not null)
    select kind, name from named group by kind, name order by kind, sum(times) desc, name`
  const of = (kind: string, most: number) =>
    rows
      .filter(row => row.kind === kind)
      .slice(0, most)
      .map(row => row.name)
      .sort((a, b) => a.localeCompare(b, 'en'))
  return { owners: of('owner', FACETS_MOST), topics: of('topic', FACETS_MOST), languages: of('language', FACETS_MOST) }
}
