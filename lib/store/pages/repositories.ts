import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { Shown } from '../../api/overview.ts'
import { PAGE_SIZE, type Repositories, type RepositoriesQuery, type RepositoryRow } from '../../api/repositories.ts'
import { ITEMS, type ItemId } from '../../check.ts'
import type { Database } from '../database.ts'
import { visible } from '../visible.ts'
import { stateOfChecks } from './fragments.ts'

type Found = Omit<RepositoryRow, 'states'> & { scanId: number | null; total: number }

const MINIMUM = ITEMS.map(item => item.id)

/** One page of the list, filtered and sorted by the database, in three queries whatever its length. */
export async function readRepositories(db: Database, scope: Scope, query: RepositoriesQuery): Promise<Repositories> {
  const [found, facets] = await Promise.all([findRows(db, scope, query), readFacets(db, scope)])
  const scanIds = found.flatMap(row => (row.scanId === null ? [] : [row.scanId]))
  const states = await db.$queryRaw<{ scanId: number; item: ItemId; state: Shown }[]>`
    select c."scanId", c.item, ${stateOfChecks} as state from "CheckResult" c
    where c."scanId" = any(${scanIds}) and c.item = any(${MINIMUM}) group by c."scanId", c.item`
  const total = found[0]?.total ?? 0
  const rows = found.map(({ scanId, total: _, ...row }) => ({
    ...row,
    states: Object.fromEntries(states.filter(state => state.scanId === scanId).map(({ item, state }) => [item, state])),
  }))
  return { rows, total, ...facets }
}

async function findRows(db: Database, scope: Scope, query: RepositoriesQuery): Promise<Found[]> {
  return db.$queryRaw<Found[]>`
    select r.name, r.visibility, r.archived, r.fork, r."primaryLanguage" as language,
      coalesce(r.teams, '{}') as teams, r."pushedAt",
      r.outcome as crawl, r."outcomeReason" as "crawlReason", s.id as "scanId", s.score, s.grade, s.hardening,
      coalesce(s."itemsMet", 0) as "itemsMet", coalesce(s."itemsApplied", 0) as "itemsApplied",
      coalesce(s."openFindings", 0) as findings, count(*) over ()::int as total
    from "Repository" r left join "Scan" s on s.id = r."latestScanId"
    where ${Prisma.join(conditions(scope, query), ' and ')}
    order by ${sortOf(query)}, r.name asc
    limit ${PAGE_SIZE} offset ${(query.page - 1) * PAGE_SIZE}`
}

function conditions(scope: Scope, query: RepositoriesQuery): Prisma.Sql[] {
  const all = [visible(scope)]
  if (query.archived !== 'all') all.push(Prisma.sql`r.archived = ${query.archived === 'yes'}`)
  if (query.q) all.push(Prisma.sql`r.name ilike ${`%${query.q.replace(/[\\%_]/g, String.raw`\$&`)}%`}`)
  if (query.team) all.push(Prisma.sql`${query.team} = any(r.teams)`)
  if (query.language) all.push(Prisma.sql`r."primaryLanguage" = ${query.language}`)
  if (query.crawl === 'waiting') all.push(Prisma.sql`r.outcome is null`)
  else if (query.crawl) all.push(Prisma.sql`r.outcome = ${query.crawl}`)
  if (query.grade === 'none') all.push(Prisma.sql`s.grade is null`)
  else if (query.grade) all.push(Prisma.sql`s.grade = ${query.grade}`)
  const judged = judgedAs(query)
  if (judged) all.push(judged)
  return all
}

/** Of a check, an item or (where neither is named) any item: the repositories in that state. */
function judgedAs({ check, item, outcome }: RepositoriesQuery): Prisma.Sql | null {
  if (outcome === undefined) return null
  let which = Prisma.sql`c.item = any(${MINIMUM})`
  if (item) which = Prisma.sql`c.item = ${item}`
  if (check) which = Prisma.sql`c."checkId" = ${check}`
  return Prisma.sql`exists (select 1 from "CheckResult" c where c."scanId" = r."latestScanId" and ${which}
    group by c.item having ${stateOfChecks} = ${outcome})`
}

function sortOf({ sort, order }: RepositoriesQuery): Prisma.Sql {
  const column = {
    name: Prisma.sql`lower(r.name)`,
    score: Prisma.sql`s.score`,
    hardening: Prisma.sql`s.hardening`,
    findings: Prisma.sql`s."openFindings"`,
    pushed: Prisma.sql`r."pushedAt"`,
  }[sort]
  return order === 'asc' ? Prisma.sql`${column} asc nulls last` : Prisma.sql`${column} desc nulls last`
}

async function readFacets(db: Database, scope: Scope): Promise<{ teams: string[]; languages: string[] }> {
  const rows = await db.$queryRaw<{ team: boolean; name: string }[]>`
    select distinct true as team, unnest(r.teams) as name from "Repository" r
      where ${visible(scope)}
    union
    select false, r."primaryLanguage" from "Repository" r
      where ${visible(scope)} and r."primaryLanguage" is not null
    order by name`
  return {
    teams: rows.filter(row => row.team).map(row => row.name),
    languages: rows.filter(row => !row.team).map(row => row.name),
  }
}
