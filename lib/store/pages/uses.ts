/** Where a package or an action is named: repositories and the places in their files, as last crawled. */
import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { InUseAt } from '../../api/inventory.ts'
import type { Database } from '../database.ts'
import { rowsJson, storable } from '../text.ts'
import { visible } from '../visible.ts'
import { cursorAt } from './cursor.ts'

/** A repository, and how many of its places come before: a path may be longer than an address. */
export const usePlace = z.tuple([z.string().transform(storable), z.number().int().min(0).max(1_000_000)])
type Place = z.output<typeof usePlace>

/** So many places behind one of them, which takes as long wherever that is, or behind the first `offset`, counted up to. */
type Part = { limit: number } & ({ after: Place | undefined } | { offset: number })

/** `total`: where places are counted up to; null where more are than are counted. */
export type Uses = { rows: InUseAt[]; next: string | null; total: number | null }

/** Whoever is named in more places is named everywhere; counting on would take longer than to show them. */
export const MOST_COUNTED = 1_000

/** The files of repositories as they were last crawled: `i` names what is in them. */
const HELD = Prisma.sql`join "RepositoryFile" f on f."blobOid" = i."blobOid" and f.mode in ('100644', '100755')
  join "Repository" r on r."treeOid" = f."treeOid"`

const PACKAGES = Prisma.sql`i."packages"`
const ACTIONS = Prisma.sql`i."actions"`

/** The places that name a package: by its purl, of any version where the purl has none. By repository and path. Two queries. */
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
  if (asked.length === 0) return { rows: [], next: null, total: 0 }
  const ids = asked.map(({ id }) => id)
  const places = Prisma.sql`from "Inventory" i ${HELD}
    join jsonb_to_recordset(${rowsJson(asked)}::jsonb) as asked(id int, name text, what text, version text, immutable boolean)
      on ${of.within} @> array[asked.id]
    where ${of.within} && ${ids} and ${visible(scope)}`
  const counted = 'offset' in part
  const total = counted
    ? Prisma.sql`(select count(*)::int from (select 1 ${places} limit ${MOST_COUNTED + 1}) enough)`
    : Prisma.sql`0`
  const some = (which: Prisma.Sql, offset: number) => Prisma.sql`(
    select r."name" as repository, r."headOid" as commit, f."path", asked.name, asked.what, asked.version, ${of.line} as line,
      ${of.immutable} as immutable, ${total} as total
    ${places} and ${which} order by r."name", f."path", asked.what, line limit ${part.limit + 1} offset ${offset})`
  const after = counted ? undefined : part.after
  const found = await db.$queryRaw<(InUseAt & { total: number })[]>`${
    after === undefined
      ? some(Prisma.sql`true`, counted ? part.offset : 0)
      : Prisma.sql`select * from (
          ${some(Prisma.sql`r."name" = ${after[0]}`, after[1])} union all ${some(Prisma.sql`r."name" > ${after[0]}`, 0)}) found
        order by repository, "path", what, line limit ${part.limit + 1}`
  }`
  const most = found[0]?.total ?? 0
  const rows = found.slice(0, part.limit).map(({ total: _, ...row }) => row)
  const next = found.length > part.limit ? behind(rows, after) : null
  return { rows, next, total: most > MOST_COUNTED ? null : most }
}

/** The place of the last of these, which follow the place `after`. */
function behind(rows: readonly InUseAt[], after: Place | undefined): string | null {
  const name = rows.at(-1)?.repository
  if (name === undefined) return null
  const here = rows.filter(({ repository }) => repository === name).length
  return cursorAt([name, after?.[0] === name ? after[1] + here : here])
}
