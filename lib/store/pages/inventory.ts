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

const PACKAGES = Prisma.sql`i."packages"`
const ACTIONS = Prisma.sql`i."actions"`

/** Bits in a row of a spread, as the migration that makes them says. */
const CHUNK = Prisma.sql`1024`

/**
 * The repositories that the asker sees as `seen`: one list of bits for each chunk of slots, so that whatever names a
 * package is counted by laying these over its own.
 */
function seenBits(scope: Scope): Prisma.Sql {
  return Prisma.sql`seen as materialized (
      select array_agg(coalesce(own.bits, 0::bit(${CHUNK})) order by chunk) as bits
      from generate_series(0, (select max("slot") / ${CHUNK} from "Repository")) as chunk
      left join (
        select r."slot" / ${CHUNK} as chunk, bit_or(set_bit(0::bit(${CHUNK}), r."slot" % ${CHUNK}, 1)) as bits
        from "Repository" r where r."slot" is not null and ${visible(scope)} group by 1) own using (chunk))`
}

/** The users in a row of a spread `u` that the asker sees. */
const SEEN = Prisma.sql`u."users" & (select bits from seen)[u."chunk" + 1]`

type Kind = { table: Prisma.Sql; spread: Prisma.Sql; id: Prisma.Sql; ref: Prisma.Sql }

const PACKAGE: Kind = {
  table: Prisma.sql`"Package"`,
  spread: Prisma.sql`"PackageSpread"`,
  id: Prisma.sql`u."packageId"`,
  ref: Prisma.sql`n."version"`,
}
const ACTION: Kind = {
  table: Prisma.sql`"Action"`,
  spread: Prisma.sql`"ActionSpread"`,
  id: Prisma.sql`u."actionId"`,
  ref: Prisma.sql`n."ref"`,
}

/**
 * Whether the asker sees a use of `n`: what only hidden repositories name takes no place on a page, or pages would tell how
 * many there are. Who sees all has none to hide.
 */
function isUsed(scope: Scope, { spread, id }: Kind): Prisma.Sql {
  if (scope.sees.all) return Prisma.sql`true`
  // As a value it is looked up for one after the other, and none behind the page is.
  return Prisma.sql`(select true from ${spread} u where ${id} = n."id" and bit_count(${SEEN}) > 0 limit 1)`
}

/** How many repositories and versions the asker sees of what is `asked`, as `told` by place; who has none is not there. */
function spreadOf({ table, spread, id, ref }: Kind): Prisma.Sql {
  return Prisma.sql`held as materialized (
      select asked.place, ${ref} as ref, u."chunk", ${SEEN} as bits
      from asked join ${table} n on n."base" = asked."base" join ${spread} u on ${id} = n."id"),
    told as (
      select place, repositories, versions from (
        select place, sum(bit_count(bits))::int as repositories
        from (select place, chunk, bit_or(bits) as bits from held group by place, chunk) each_chunk group by place) users
      join (select place, count(distinct ref)::int as versions from held where bit_count(bits) > 0 group by place) refs
      using (place))`
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
  const wanted = [isUsed(scope, PACKAGE)]
  const start = q?.toLowerCase()
  if (start) {
    const like = `${likeText(start)}%`
    wanted.push(Prisma.sql`(lower("name") like ${like} or lower(regexp_replace("name", '^.*[/:]', '')) like ${like})`)
  }
  if (ecosystem) wanted.push(Prisma.sql`"ecosystem" = ${storable(ecosystem)}`)
  const named = Prisma.sql`lower("name") = ${storable(start ?? '')}`
  const basesOf = (more: Prisma.Sql, last: number) => Prisma.sql`
    select "base" from "Package" n where ${more} and ${Prisma.join(wanted, ' and ')} group by "base" order by "base" limit ${last}`
  // The exact ones apart, which are few: the others stop at the end of the page, however many begin like it.
  const last = page.offset + page.limit + 1
  const rows = await db.$queryRaw<InUse[]>`
    with ${seenBits(scope)},
    asked as materialized (
      select "base", row_number() over () as place from (
        select "base" from (
          select "base", true as exact from (${basesOf(named, last)}) exactly
          union all select "base", false from (${basesOf(Prisma.sql`not ${named}`, last)}) others) found
        order by exact desc, "base" limit ${page.limit + 1} offset ${page.offset}) sorted),
    ${spreadOf(PACKAGE)}
    select asked."base", named.name, named.ecosystem, coalesce(versions, 0) as versions, coalesce(repositories, 0) as repositories
    from asked join lateral (
      select min("name") as name, min("ecosystem") as ecosystem from "Package" p where p."base" = asked."base") named on true
    left join told using (place) order by place`
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
    with ${seenBits(scope)},
    asked as materialized (
      select "base", row_number() over () as place from (
        select "base" from "Action" n where "base" like ${`%${likeText((q ?? '').toLowerCase())}%`} and ${isUsed(scope, ACTION)}
        group by "base" order by "base" limit ${page.limit + 1} offset ${page.offset}) sorted),
    ${spreadOf(ACTION)}
    select asked."base", asked."base" as name, null as ecosystem, coalesce(versions, 0) as versions,
      coalesce(repositories, 0) as repositories
    from asked left join told using (place) order by place`
  return pageOf(rows, page.limit)
}

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
