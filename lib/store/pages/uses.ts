/** Where a package or an action is named: repositories and the places in their files, as last crawled. */
import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import { INVENTORY_PAGE, type InUseAt, type InventoryPage, type InventoryQuery } from '../../api/inventory.ts'
import type { Database } from '../database.ts'
import { rowsJson, storable } from '../text.ts'
import { visible } from '../visible.ts'
import { turnedTo, turnsOf } from './cursor.ts'

/** A repository, and how many of its places come before: a path may be longer than an address. */
export const usePlace = z.tuple([z.string().transform(storable), z.number().int().min(0).max(1_000_000)])
type Place = z.output<typeof usePlace>

/** The places behind one of them, or the last ones up to it; the first of all where neither is given. `counted`: in all. */
type Part = { limit: number; after?: Place | undefined; upTo?: Place | undefined; counted?: boolean }

/** `total`: where places are counted up to; null where more are than are counted, or nobody asked. */
export type Uses = InventoryPage<InUseAt> & { total: number | null }

/** Whoever is named in more places is named everywhere; counting on would take longer than to show them. */
export const MOST_COUNTED = 500

/** What the page of this address shows; of a cursor that cannot be read the first places. */
export function usesPartOf(query: Pick<InventoryQuery, 'after' | 'upTo'>): Part {
  return { limit: INVENTORY_PAGE, ...turnedTo(query, usePlace), counted: true }
}

/** The files of repositories as they were last crawled: `i` names what is in them. */
const HELD = Prisma.sql`join "RepositoryFile" f on f."blobOid" = i."blobOid" and f.mode in ('100644', '100755')
  join "Repository" r on r."treeOid" = f."treeOid"`

const PACKAGES = Prisma.sql`i."packages"`
const ACTIONS = Prisma.sql`i."actions"`

/**
 * The places that name a package: by its purl, of any version where the purl has none. By repository and path. Two queries,
 * and one for `total`.
 */
export async function usersOfPackage(db: Database, scope: Scope, purl: string, part: Part): Promise<Uses> {
  const asked = await db.$queryRaw<Named[]>`
    select "id", "name", "purl" as what, "version", false as immutable from "Package"
    where "purl" = ${storable(purl)} or "base" = ${storable(purl)} order by "purl"`
  return usesAt(db, scope, part, asked, {
    within: PACKAGES,
    line: Prisma.sql`i."packageLines"[array_position(i."packages", asked.id)]`,
    immutable: Prisma.sql`i."hashed"[array_position(i."packages", asked.id)]`,
  })
}

/**
 * The same for an action, reusable workflow or image: `owner/repo`, or `docker://image`, and with `@ref` only as that.
 * `version`: what its ref points to, or what the comment beside it says.
 */
export async function usersOfAction(db: Database, scope: Scope, uses: string, part: Part): Promise<Uses> {
  const [base = '', ref = null] = storable(uses).split('@')
  const asked = await db.$queryRaw<Named[]>`
    select a."id", a."uses" as name, a."uses" as what, a."pinned" as immutable,
      coalesce(known."version", nullif(a."version", ''), case when not a."pinned" then a."ref" end) as version
    from "Action" a left join "ActionRef" known on known."id" = a."refId"
    where a."base" = ${base.toLowerCase()} and (${ref}::text is null or a."ref" = ${ref}) order by a."uses"`
  return usesAt(db, scope, part, asked, {
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
async function usesAt(db: Database, scope: Scope, part: Part, asked: readonly Named[], of: Columns): Promise<Uses> {
  const { limit, after, upTo, counted = false } = part
  if (asked.length === 0) return { rows: [], next: null, previous: null, total: counted ? 0 : null }
  const ids = asked.map(({ id }) => id)
  const places = Prisma.sql`from "Inventory" i ${HELD}
    join jsonb_to_recordset(${rowsJson(asked)}::jsonb) as asked(id int, name text, what text, version text, immutable boolean)
      on ${of.within} @> array[asked.id]
    where ${of.within} && ${ids} and ${visible(scope)}`
  const turn = upTo ? Prisma.sql`desc` : Prisma.sql`asc`
  const order = Prisma.sql`r."name" ${turn}, f."path" ${turn}, asked.what ${turn}, ${of.line} ${turn}`
  // Which place of its repository it is, in this direction: sorted just as the rows are, so that it ends with the page.
  const some = (which: Prisma.Sql) => Prisma.sql`
    select r."name" as repository, r."headOid" as commit, f."path", asked.name, asked.what, asked.version, ${of.line} as line,
      ${of.immutable} as immutable,
      (row_number() over (partition by r."name" order by ${order}))::int as nth
    ${places} and ${which} order by ${order}`
  const placesOf = (name: Prisma.Sql) => Prisma.sql`(select count(*)::int ${places} and r."name" = ${name})`
  const place = after ?? upTo
  const rows =
    place === undefined
      ? some(Prisma.sql`true`)
      : Prisma.sql`select * from (
          (select * from (${some(Prisma.sql`r."name" = ${place[0]}`)}) here
            where ${upTo ? Prisma.sql`nth > ${placesOf(Prisma.sql`${place[0]}`)} - ${place[1]}` : Prisma.sql`nth > ${place[1]}`}
            limit ${limit + 1}) union all
          (${some(upTo ? Prisma.sql`r."name" < ${place[0]}` : Prisma.sql`r."name" > ${place[0]}`)} limit ${limit + 1})) found
        order by repository ${turn}, "path" ${turn}, what ${turn}, line ${turn}`
  // Backward only of the row behind the page, where the one before ends, it is told which it is from the front.
  const [found, most] = await Promise.all([
    db.$queryRaw<Found[]>`
      select repository, commit, "path", name, what, version, line, immutable, ${
        upTo
          ? Prisma.sql`case when row_number() over () > ${limit} then ${placesOf(Prisma.sql`found.repository`)} + 1 - nth else nth end`
          : Prisma.sql`nth`
      } as nth from (${rows} limit ${limit + 1}) found`,
    counted ? countPlaces(db, places) : null,
  ])
  const shown = found.slice(0, limit)
  if (upTo) shown.reverse()
  return {
    rows: shown.map(({ nth: _, ...row }) => row),
    ...turnsOf(part, shown, found[limit], ({ repository, nth }) => [repository, nth]),
    total: most !== null && most > MOST_COUNTED ? null : most,
  }
}

type Found = InUseAt & { nth: number }

/** One more than are counted up to where there are more. */
async function countPlaces(db: Database, places: Prisma.Sql): Promise<number> {
  const [row] = await db.$queryRaw<[{ count: number }]>`
    select count(*)::int as count from (select 1 ${places} limit ${MOST_COUNTED + 1}) enough`
  return row.count
}
