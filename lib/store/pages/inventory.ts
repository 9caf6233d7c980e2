import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import {
  INVENTORY_PAGE,
  type InUse,
  type InUseAt,
  type InventoryPage,
  type InventoryQuery,
  type RepositoryInventory,
} from '../../api/inventory.ts'
import type { Database } from '../database.ts'
import { likeText, rowsJson, storable } from '../text.ts'
import { visible } from '../visible.ts'

type Page = { limit: number; offset: number }
type Asked = Pick<InventoryQuery, 'q' | 'ecosystem'>

/** The files of visible repositories as they were last crawled: `i` names what is in them. */
const HELD = Prisma.sql`join "RepositoryFile" f on f."blobOid" = i."blobOid" and f.mode in ('100644', '100755')
  join "Repository" r on r."treeOid" = f."treeOid"`

/**
 * The packages or actions that visible files name, as `used (id)`: what only hidden ones name takes no place on a page, or
 * pages would tell how many there are. Who sees all has none to hide, and need not wait for the whole of it.
 */
function usedIn(scope: Scope, ids: Prisma.Sql): { before: Prisma.Sql; isUsed: Prisma.Sql } {
  if (scope.sees.all) return { before: Prisma.empty, isUsed: Prisma.sql`true` }
  const before = Prisma.sql`files as materialized (
      select distinct f."blobOid" from "Repository" r
      join "RepositoryFile" f on f."treeOid" = r."treeOid" and f.mode in ('100644', '100755') where ${visible(scope)}
    ), used as materialized (
      select distinct u.id from files join "Inventory" i on i."blobOid" = files."blobOid"
      cross join lateral unnest(${ids}) as u(id)
    ), `
  return { before, isUsed: Prisma.sql`n."id" in (select id from used)` }
}

const PACKAGES = Prisma.sql`i."packages"`
const ACTIONS = Prisma.sql`i."actions"`

/**
 * Packages whose name, or the last part of it, begins with what is asked, by their names, the exact one first. Each is
 * counted by the repositories that the asker sees, and one that none of them uses is not named. One query.
 */
export async function searchPackages(
  db: Database,
  scope: Scope,
  { q, ecosystem }: Asked,
  page: Page,
): Promise<InventoryPage<InUse>> {
  const { before, isUsed } = usedIn(scope, PACKAGES)
  const wanted = [isUsed]
  const start = q?.toLowerCase()
  if (start) {
    const like = `${likeText(start)}%`
    wanted.push(Prisma.sql`(lower("name") like ${like} or lower(regexp_replace("name", '^.*[/:]', '')) like ${like})`)
  }
  if (ecosystem) wanted.push(Prisma.sql`"ecosystem" = ${storable(ecosystem)}`)
  const order = start ? Prisma.sql`bool_or(lower("name") = ${storable(start)}) desc, "base"` : Prisma.sql`"base"`
  const rows = await db.$queryRaw<InUse[]>`
    with ${before} asked as materialized (
      select "base", row_number() over () as place from (
        select "base" from "Package" n where ${Prisma.join(wanted, ' and ')}
        group by "base" order by ${order} limit ${page.limit + 1} offset ${page.offset}) sorted),
    named as materialized (
      select asked.place, p."id", p."name", p."ecosystem", p."version" as ref
      from asked join "Package" p on p."base" = asked."base"),
    ${usesOf(scope, PACKAGES)}
    select asked."base", named.name, named.ecosystem, coalesce(versions, 0) as versions, coalesce(repositories, 0) as repositories
    from asked join (select place, min("name") as name, min("ecosystem") as ecosystem from named group by place) named using (place)
    left join (${SPREAD}) spread using (place) order by place`
  return pageOf(rows, page.limit)
}

/** The same for actions, reusable workflows and images, of which any part of the name may be asked. One query. */
export async function searchActions(
  db: Database,
  scope: Scope,
  { q }: Pick<Asked, 'q'>,
  page: Page,
): Promise<InventoryPage<InUse>> {
  const { before, isUsed } = usedIn(scope, ACTIONS)
  const rows = await db.$queryRaw<InUse[]>`
    with ${before} asked as materialized (
      select "base", row_number() over () as place from (
        select "base" from "Action" n where ${isUsed} and "base" like ${`%${likeText((q ?? '').toLowerCase())}%`}
        group by "base" order by "base" limit ${page.limit + 1} offset ${page.offset}) sorted),
    named as materialized (
      select asked.place, a."id", a."ref" from asked join "Action" a on a."base" = asked."base"),
    ${usesOf(scope, ACTIONS)}
    select asked."base", asked."base" as name, null as ecosystem, coalesce(versions, 0) as versions,
      coalesce(repositories, 0) as repositories
    from asked left join (${SPREAD}) spread using (place) order by place`
  return pageOf(rows, page.limit)
}

/** Who holds what is `named`: by file first, and then by repository, so that a file that all share is looked at once. */
function usesOf(scope: Scope, within: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`holding as materialized (
      select named.place, named."id", i."blobOid" from named join "Inventory" i on ${within} @> array[named."id"]),
    uses as materialized (
      select i.place, i."id", r.id as repository from holding i ${HELD} where ${visible(scope)} group by 1, 2, 3)`
}

/** By place, where anybody uses it whom the asker sees. */
const SPREAD = Prisma.sql`select * from (
    select place, count(*)::int as repositories from (select place from uses group by place, repository) once group by place) held
  join (select place, count(distinct ref)::int as versions from (select "id" from uses group by "id") once
    join named using ("id") group by place) told using (place)`

/** One more was read than is shown, to know whether there is more; what nobody uses any more stays here. */
function pageOf(rows: InUse[], limit: number): InventoryPage<InUse> {
  return { rows: rows.slice(0, limit).filter(({ repositories }) => repositories > 0), more: rows.length > limit }
}

/** `total` null: more than are counted. */
export type Uses = { rows: InUseAt[]; more: boolean; total: number | null }

/** Whoever is named in more places is named everywhere; counting on would take longer than to show them. */
export const MOST_COUNTED = 1_000

/** The places that name a package: by its purl, of any version where the purl has none. By repository and path. Two queries. */
export async function usersOfPackage(db: Database, scope: Scope, purl: string, page: Page): Promise<Uses> {
  const asked = await db.$queryRaw<Named[]>`
    select "id", "name", "purl" as what, "version", false as immutable from "Package"
    where "purl" = ${storable(purl)} or "base" = ${storable(purl)} order by "purl"`
  return usesAt(db, scope, page, asked, {
    within: PACKAGES,
    line: Prisma.sql`i."packageLines"[array_position(i."packages", asked.id)]`,
    immutable: Prisma.sql`i."hashed"[array_position(i."packages", asked.id)]`,
  })
}

/**
 * The same for an action, reusable workflow or image: `owner/repo`, or `docker://image`, and with `@ref` only as that.
 * `version`: what its ref points to, or what the comment beside it says.
 */
export async function usersOfAction(db: Database, scope: Scope, uses: string, page: Page): Promise<Uses> {
  const [base = '', ref = null] = storable(uses).split('@')
  const asked = await db.$queryRaw<Named[]>`
    select a."id", a."uses" as name, a."uses" as what, a."pinned" as immutable,
      coalesce(known."version", nullif(a."version", ''), case when not a."pinned" then a."ref" end) as version
    from "Action" a left join "ActionRef" known on known."id" = a."refId"
    where a."base" = ${base.toLowerCase()} and (${ref}::text is null or a."ref" = ${ref}) order by a."uses"`
  return usesAt(db, scope, page, asked, {
    within: ACTIONS,
    line: Prisma.sql`i."actionLines"[array_position(i."actions", asked.id)]`,
    immutable: Prisma.sql`asked.immutable`,
  })
}

type Named = { id: number; name: string; what: string; version: string | null; immutable: boolean }
type Columns = { within: Prisma.Sql; line: Prisma.Sql; immutable: Prisma.Sql }

/**
 * Where these are named. Their ids stand in the statement, so that the database knows whether they are rare, and are found
 * over their index, or common, so that the first repositories by name have enough of them.
 */
async function usesAt(db: Database, scope: Scope, page: Page, asked: readonly Named[], of: Columns): Promise<Uses> {
  if (asked.length === 0) return { rows: [], more: false, total: 0 }
  const ids = asked.map(({ id }) => id)
  const places = Prisma.sql`from "Inventory" i ${HELD}
    join jsonb_to_recordset(${rowsJson(asked)}::jsonb) as asked(id int, name text, what text, version text, immutable boolean)
      on ${of.within} @> array[asked.id]
    where ${of.within} && ${ids} and ${visible(scope)}`
  const found = await db.$queryRaw<(InUseAt & { counted: number })[]>`
    select r."name" as repository, r."headOid" as commit, f."path", asked.name, asked.what, asked.version, ${of.line} as line,
      ${of.immutable} as immutable, (select count(*)::int from (select 1 ${places} limit ${MOST_COUNTED + 1}) enough) as counted
    ${places} order by r."name", f."path", asked.what, line limit ${page.limit + 1} offset ${page.offset}`
  const counted = found[0]?.counted ?? 0
  const rows = found.slice(0, page.limit).map(({ counted: _, ...row }) => row)
  return { rows, more: found.length > page.limit, total: counted > MOST_COUNTED ? null : counted }
}

type Counted = InUseAt & { total: number }

/** The whole count stands in each row; a page behind the end has none, and then nobody asks for it. */
function totalled(rows: Counted[]): Pick<RepositoryInventory, 'rows' | 'total'> {
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}

/** What the files of one repository name, by path and line; null where it is not there or not shown. Two queries. */
export async function readRepositoryInventory(
  db: Database,
  scope: Scope,
  name: string,
  { kind, q, page }: Pick<InventoryQuery, 'kind' | 'q' | 'page'>,
): Promise<RepositoryInventory | null> {
  const [repository] = await db.$queryRaw<{ name: string; commit: string | null; treeOid: string | null }[]>`
    select r.name, r."headOid" as commit, r."treeOid" from "Repository" r where ${visible(scope)} and r.name = ${storable(name)}`
  if (repository === undefined) return null
  const like = `%${likeText((q ?? '').toLowerCase())}%`
  const named =
    kind === 'packages'
      ? Prisma.sql`n."name", n."purl" as what, n."version", u.line, u.immutable
        from held cross join lateral unnest(held."packages", held."packageLines", held."hashed") as u(id, line, immutable)
        join "Package" n on n."id" = u.id where lower(n."name") like ${like}`
      : Prisma.sql`n."uses" as name, n."uses" as what, coalesce(known."version", nullif(n."version", ''), case when not n."pinned" then n."ref" end) as version,
        u.line, n."pinned" as immutable
        from held cross join lateral unnest(held."actions", held."actionLines") as u(id, line)
        join "Action" n on n."id" = u.id left join "ActionRef" known on known."id" = n."refId" where n."base" like ${like}`
  const { rows, total } = totalled(
    await db.$queryRaw<Counted[]>`
    with held as (
      select f."path", i.* from "RepositoryFile" f join "Inventory" i on i."blobOid" = f."blobOid"
      where f."treeOid" = ${repository.treeOid} and f.mode in ('100644', '100755')
    )
    select held."path", count(*) over ()::int as total, ${named} order by held."path", u.line, what limit ${INVENTORY_PAGE} offset ${(page - 1) * INVENTORY_PAGE}`,
  )
  return { name: repository.name, commit: repository.commit, rows, total }
}
