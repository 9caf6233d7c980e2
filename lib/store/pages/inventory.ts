import { z } from 'zod'
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
import { visible, visibleStanding } from '../visible.ts'
import { turnedTo, turnsOf } from './cursor.ts'

type Asked = Pick<InventoryQuery, 'q' | 'ecosystem'>

/** Behind which row a page ends or begins: whether that is not called exactly like what is asked, and its `base`. */
export const inUsePlace = z.tuple([z.boolean(), z.string().transform(storable)])
type Place = z.output<typeof inUsePlace>

/** The rows behind a place, or the last ones up to it; the first ones of all where neither is given. */
type Part = { limit: number; after?: Place | undefined; upTo?: Place | undefined }

/** What the page of this address shows; of a cursor that cannot be read the first rows. */
export function partOf(query: Pick<InventoryQuery, 'after' | 'upTo'>): Part {
  return { limit: INVENTORY_PAGE, ...turnedTo(query, inUsePlace) }
}

/** Bits in a row of a spread, as the migration that makes them says. */
const CHUNK = Prisma.sql`1024`

/** Who sees no more repositories than this is shown what these hold; to look through what all hold would take longer. */
const FEW = 30

/**
 * The repositories that the asker sees as `own`, and as `seen` one list of bits for each chunk of slots, so that whatever
 * names a package is counted by laying these over its own.
 */
function seenBits(scope: Scope): Prisma.Sql {
  return Prisma.sql`own as (
      select s."repositoryId" as id, s.slot from "Standing" s where s.slot is not null and ${visibleStanding(scope)}),
    seen as materialized (
      select array_agg(coalesce(each_chunk.bits, 0::bit(${CHUNK})) order by chunk) as bits
      from generate_series(0, (select max("slot") / ${CHUNK} from "Repository")) as chunk
      left join (
        select "slot" / ${CHUNK} as chunk, bit_or(set_bit(0::bit(${CHUNK}), "slot" % ${CHUNK}, 1)) as bits
        from own group by 1) each_chunk using (chunk))`
}

/** The users in a row of a spread `u` that the asker sees. */
const SEEN = Prisma.sql`u."users" & (select bits from seen)[u."chunk" + 1]`

/** `named`: the rows `n` of what is `asked`. */
type Kind = Record<'table' | 'named' | 'spread' | 'id' | 'ref' | 'holding', Prisma.Sql>

const PACKAGE: Kind = {
  table: Prisma.sql`"Package"`,
  // Looked up row by row: a join would go through every package for a page of two hundred.
  named: Prisma.sql`cross join lateral (select * from "Package" n where n."base" = asked."base" offset 0) n`,
  spread: Prisma.sql`"PackageSpread"`,
  id: Prisma.sql`u."packageId"`,
  ref: Prisma.sql`n."version"`,
  holding: Prisma.sql`h."packages"`,
}
const ACTION: Kind = {
  table: Prisma.sql`"Action"`,
  named: Prisma.sql`join "Action" n on n."base" = asked."base"`,
  spread: Prisma.sql`"ActionSpread"`,
  id: Prisma.sql`u."actionId"`,
  ref: Prisma.sql`n."ref"`,
  holding: Prisma.sql`h."actions"`,
}

/**
 * Whether the asker sees a use of `n`: what only hidden repositories name takes no place on a page, or pages would tell how
 * many there are. Two ways to find them, of which only one finds any; who sees all has none to hide.
 */
function isUsed(scope: Scope, { spread, id, holding }: Kind): Prisma.Sql[] {
  if (scope.sees.all) return [Prisma.sql`true`]
  const many = Prisma.sql`(select count(*) > ${FEW} from (select from own limit ${FEW + 1}) first)`
  return [
    // As a value it is looked up for one after the other, and none behind the page is.
    Prisma.sql`${many} and (select true from ${spread} u where ${id} = n."id" and bit_count(${SEEN}) > 0 limit 1)`,
    Prisma.sql`not ${many} and n."id" = any(array(
      select distinct used from "Holding" h cross join unnest(${holding}) as used
      where h."repositoryId" = any(array(select "id" from own limit ${FEW}))))`,
  ]
}

/** How many repositories and versions the asker sees of what is `asked`, as `told` by place; who has none is not there. */
function spreadOf({ named, spread, id, ref }: Kind): Prisma.Sql {
  return Prisma.sql`held as materialized (
      select place, ref, "chunk", bits from (
        select asked.place, ${ref} as ref, u."chunk", ${SEEN} as bits
        from asked ${named} join ${spread} u on ${id} = n."id" offset 0) every where bit_count(bits) > 0),
    told as (
      select place, repositories, versions from (
        select place, sum(bit_count(bits))::int as repositories
        from (select place, chunk, bit_or(bits) as bits from held group by place, chunk) each_chunk group by place) users
      join (select place, count(distinct ref)::int as versions from held group by place) refs using (place))`
}

/**
 * Packages whose name, or the last part of it, begins with what is asked, by their names, the exact one first. Each is
 * counted by the repositories that the asker sees, and one that none of them uses is not named. One query.
 */
export async function searchPackages(
  db: Database,
  scope: Scope,
  { q, ecosystem }: Asked,
  part: Part,
): Promise<InventoryPage<InUse>> {
  const wanted: Prisma.Sql[] = []
  const start = q?.toLowerCase()
  if (start) {
    const like = `${likeText(start)}%`
    wanted.push(Prisma.sql`(lower("name") like ${like} or lower(regexp_replace("name", '^.*[/:]', '')) like ${like})`)
  }
  if (ecosystem) wanted.push(Prisma.sql`"ecosystem" = ${storable(ecosystem)}`)
  const named = start ? Prisma.sql`lower("name") = ${storable(start)}` : null
  const rows = await db.$queryRaw<Found[]>`
    with ${seenBits(scope)},
    ${asked(scope, PACKAGE, { wanted, named, part })},
    ${spreadOf(PACKAGE)}
    select asked."base", asked.other, named.name, named.ecosystem, coalesce(versions, 0) as versions,
      coalesce(repositories, 0) as repositories
    from asked join lateral (
      select min("name") as name, min("ecosystem") as ecosystem from "Package" p where p."base" = asked."base") named on true
    left join told using (place) order by place`
  return pageOf(rows, part)
}

/** The same for actions, reusable workflows and images, of which any part of the name may be asked. One query. */
export async function searchActions(
  db: Database,
  scope: Scope,
  { q }: Pick<Asked, 'q'>,
  part: Part,
): Promise<InventoryPage<InUse>> {
  const wanted = q ? [Prisma.sql`"base" like ${`%${likeText(q.toLowerCase())}%`}`] : []
  const rows = await db.$queryRaw<Found[]>`
    with ${seenBits(scope)},
    ${asked(scope, ACTION, { wanted, named: null, part })},
    ${spreadOf(ACTION)}
    select asked."base", asked.other, asked."base" as name, null as ecosystem, coalesce(versions, 0) as versions,
      coalesce(repositories, 0) as repositories
    from asked left join told using (place) order by place`
  return pageOf(rows, part)
}

type List = { wanted: Prisma.Sql[]; named: Prisma.Sql | null; part: Part }

/**
 * The rows of this part as `asked`, one more than it has, by `place`; `other` ones are not called exactly as asked, and
 * come behind. Those and the exact ones are looked for apart, and each stop at the end of the page.
 */
function asked(scope: Scope, kind: Kind, { wanted, named, part: { limit, after, upTo } }: List): Prisma.Sql {
  const place = after ?? upTo
  const order = upTo ? Prisma.sql`desc` : Prisma.sql`asc`
  const found = [false, true].flatMap(other => {
    if (!other && named === null) return []
    const conditions = [...wanted]
    if (named !== null) conditions.push(other ? Prisma.sql`not ${named}` : named)
    if (place !== undefined) {
      const [otherAt, baseAt] = [named === null || place[0], place[1]]
      if (otherAt === other) conditions.push(upTo ? Prisma.sql`"base" <= ${baseAt}` : Prisma.sql`"base" > ${baseAt}`)
      // All of these come on the other side.
      else if (otherAt === (upTo === undefined)) return []
    }
    return isUsed(scope, kind).map(
      used => Prisma.sql`(
        select "base", ${other}::boolean as other from ${kind.table} n where ${Prisma.join([...conditions, used], ' and ')}
        group by "base" order by "base" ${order} limit ${limit + 1})`,
    )
  })
  return Prisma.sql`asked as materialized (
      select "base", other, row_number() over (order by other ${order}, "base" ${order}) as place
      from (${Prisma.join(found, ' union all ')}) found order by place limit ${limit + 1})`
}

type Found = InUse & { other: boolean }

/** One more was read than is shown, to know whether there is more; what nobody uses any more stays here. */
function pageOf(found: Found[], part: Part): InventoryPage<InUse> {
  const shown = found.slice(0, part.limit)
  if (part.upTo) shown.reverse()
  return {
    rows: shown.filter(({ repositories }) => repositories > 0).map(({ other: _, ...row }) => row),
    ...turnsOf(part, shown, found[part.limit], ({ other, base }) => [other, base]),
  }
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
