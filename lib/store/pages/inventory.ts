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
import { likeText, storable } from '../text.ts'
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
function usedIn(scope: Scope, table: 'Package' | 'Action'): Prisma.Sql {
  if (scope.sees.all) return Prisma.sql`used as (select "id" from ${Prisma.raw(`"${table}"`)})`
  const ids = Prisma.raw(table === 'Package' ? '"packages"' : '"actions"')
  return Prisma.sql`files as materialized (
      select distinct f."blobOid" from "Repository" r
      join "RepositoryFile" f on f."treeOid" = r."treeOid" and f.mode in ('100644', '100755') where ${visible(scope)}
    ), used as materialized (
      select distinct u.id from files join "Inventory" i on i."blobOid" = files."blobOid"
      cross join lateral unnest(i.${ids}) as u(id)
    )`
}

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
  const wanted = [Prisma.sql`n."id" in (select id from used)`]
  const start = q?.toLowerCase()
  if (start) {
    const like = `${likeText(start)}%`
    wanted.push(Prisma.sql`(lower("name") like ${like} or lower(regexp_replace("name", '^.*[/:]', '')) like ${like})`)
  }
  if (ecosystem) wanted.push(Prisma.sql`"ecosystem" = ${storable(ecosystem)}`)
  const order = start ? Prisma.sql`bool_or(lower("name") = ${storable(start)}) desc, "base"` : Prisma.sql`"base"`
  const rows = await db.$queryRaw<InUse[]>`
    with ${usedIn(scope, 'Package')}, asked as materialized (
      select "base", row_number() over (order by ${order}) as place from "Package" n where ${Prisma.join(wanted, ' and ')}
      group by "base" order by place limit ${page.limit + 1} offset ${page.offset}
    )
    select asked."base", held.* from asked cross join lateral (
      select min(p."name") as name, min(p."ecosystem") as ecosystem, count(distinct p."version")::int as versions,
        count(distinct r.id)::int as repositories
      from "Package" p join "Inventory" i on i."packages" @> array[p."id"] ${HELD}
      where p."base" = asked."base" and ${visible(scope)}) held
    order by asked.place`
  return pageOf(rows, page.limit)
}

/** The same for actions, reusable workflows and images, of which any part of the name may be asked. One query. */
export async function searchActions(
  db: Database,
  scope: Scope,
  { q }: Pick<Asked, 'q'>,
  page: Page,
): Promise<InventoryPage<InUse>> {
  const rows = await db.$queryRaw<InUse[]>`
    with ${usedIn(scope, 'Action')}, asked as materialized (
      select "base" from "Action" n
      where n."id" in (select id from used) and "base" like ${`%${likeText((q ?? '').toLowerCase())}%`}
      group by "base" order by "base" limit ${page.limit + 1} offset ${page.offset}
    )
    select asked."base", asked."base" as name, null as ecosystem, held.* from asked cross join lateral (
      select count(distinct a."ref")::int as versions, count(distinct r.id)::int as repositories
      from "Action" a join "Inventory" i on i."actions" @> array[a."id"] ${HELD}
      where a."base" = asked."base" and ${visible(scope)}) held
    order by asked."base"`
  return pageOf(rows, page.limit)
}

/** One more was read than is shown, to know whether there is more; what nobody uses any more stays here. */
function pageOf(rows: InUse[], limit: number): InventoryPage<InUse> {
  return { rows: rows.slice(0, limit).filter(({ repositories }) => repositories > 0), more: rows.length > limit }
}

export type Uses = { rows: InUseAt[]; total: number }

/**
 * The places that name a package: by its purl, of any version where the purl has none. By repository and path. One query,
 * by index from the purl on.
 */
export async function usersOfPackage(db: Database, scope: Scope, purl: string, page: Page): Promise<Uses> {
  return totalled(
    await db.$queryRaw<Counted[]>`
    with asked as materialized (
      select "id", "purl", "name", "version" from "Package" where "purl" = ${storable(purl)} or "base" = ${storable(purl)}
    )
    select r."name" as repository, r."headOid" as commit, f."path", asked."name", asked."purl" as what, asked."version",
      i."packageLines"[array_position(i."packages", asked."id")] as line,
      i."hashed"[array_position(i."packages", asked."id")] as immutable, count(*) over ()::int as total
    from asked join "Inventory" i on i."packages" @> array[asked."id"] ${HELD}
    where ${visible(scope)}
    order by r."name", f."path", asked."purl" limit ${page.limit} offset ${page.offset}`,
  )
}

/**
 * The same for an action, reusable workflow or image: `owner/repo`, or `docker://image`, and with `@ref` only as that.
 * `version`: what its ref points to, or what the comment beside it says.
 */
export async function usersOfAction(db: Database, scope: Scope, uses: string, page: Page): Promise<Uses> {
  const [base = '', ref = null] = storable(uses).split('@')
  return totalled(
    await db.$queryRaw<Counted[]>`
    with asked as materialized (
      select a."id", a."uses", a."pinned", coalesce(known."version", nullif(a."version", ''), case when not a."pinned" then a."ref" end) as version
      from "Action" a left join "ActionRef" known on known."id" = a."refId"
      where a."base" = ${base.toLowerCase()} and (${ref}::text is null or a."ref" = ${ref})
    )
    select r."name" as repository, r."headOid" as commit, f."path", asked."uses" as name, asked."uses" as what, asked."pinned" as immutable,
      asked."version", i."actionLines"[array_position(i."actions", asked."id")] as line, count(*) over ()::int as total
    from asked join "Inventory" i on i."actions" @> array[asked."id"] ${HELD}
    where ${visible(scope)}
    order by r."name", f."path", line limit ${page.limit} offset ${page.offset}`,
  )
}

type Counted = InUseAt & { total: number }

/** The whole count stands in each row; a page behind the end has none, and then nobody asks for it. */
function totalled(rows: Counted[]): Uses {
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
