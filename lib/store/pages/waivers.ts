import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import {
  ENDING_DAYS,
  WAIVERS_PAGE,
  type WaiverEventRow,
  type WaiverList,
  type WaiverRow,
  type Waivers,
  type WaiversQuery,
  type WaiverWithHistory,
} from '../../api/waivers.ts'
import type { Database } from '../database.ts'
import { visible } from '../visible.ts'

const DAY_MS = 86_400_000

/** The waivers of the repositories that the asker sees, a page of one part of them, each with its history. Three queries. */
export async function readWaivers(db: Database, scope: Scope, query: WaiversQuery, now: Date): Promise<Waivers> {
  const own = query.repository ? Prisma.sql` and r.name = ${query.repository}` : Prisma.empty
  const [counts] = await db.$queryRaw<[Record<WaiverList, number>]>`
    select (count(*) filter (where ${isIn('asked', now)}))::int as asked,
      (count(*) filter (where ${isIn('in-force', now)}))::int as "in-force",
      (count(*) filter (where ${isIn('ending', now)}))::int as ending,
      (count(*) filter (where ${isIn('over', now)}))::int as over, count(*)::int as all
    from "Waiver" w join "Repository" r on r.id = w."repositoryId" where ${visible(scope)}${own}`
  const list = query.list ?? (counts.asked > 0 ? 'asked' : 'in-force')
  const rows = await db.$queryRaw<WaiverRow[]>`
    select ${waiverColumns(now)} from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where ${visible(scope)}${own} and ${isIn(list, now)}
    order by ${ORDERS[list]} limit ${WAIVERS_PAGE} offset ${(query.page - 1) * WAIVERS_PAGE}`
  return { list, rows: await withHistory(db, rows), total: counts[list], counts }
}

/** How many wait for a decision. One query. */
export async function countAskedWaivers(db: Database, scope: Scope): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where ${visible(scope)} and w.state = 'asked'`
  return row?.count ?? 0
}

/** What is asked, in force or lately ended over one repository. Two queries. */
export async function readWaiversOf(
  db: Database,
  scope: Scope,
  repositoryId: bigint,
  now: Date,
): Promise<WaiverWithHistory[]> {
  const lately = new Date(now.getTime() - 30 * DAY_MS)
  const rows = await db.$queryRaw<WaiverRow[]>`
    select ${waiverColumns(now)} from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where ${visible(scope)} and r.id = ${repositoryId}
      and (w.state = 'asked' or (w.state = 'granted' and w.until > ${lately})) order by w.until, w.id`
  return withHistory(db, rows)
}

/** A waiver as it is shown; `w` and `r` are the tables' aliases. */
export function waiverColumns(now: Date): Prisma.Sql {
  return Prisma.sql`w.id, r.name as repository, w.scope, w."checkId", w.fingerprint, w.path, w.subject, w.reason, w.words,
    case when w.state = 'granted' and w.until <= ${now} then 'expired' else w.state end as state, w."askedAt", w."askedBy",
    w."askedName", w."decidedAt", w."decidedName", w.until,
    (select count(*)::int from "Finding" f where f."waiverId" = w.id and f."fixedAt" is null) as findings`
}

const ORDERS: Record<WaiverList, Prisma.Sql> = {
  asked: Prisma.sql`w."askedAt", w.id`,
  'in-force': Prisma.sql`w.until, w.id`,
  ending: Prisma.sql`w.until, w.id`,
  over: Prisma.sql`coalesce(w."decidedAt", w."askedAt") desc, w.id desc`,
  all: Prisma.sql`w."askedAt" desc, w.id desc`,
}

function isIn(list: WaiverList, now: Date): Prisma.Sql {
  const inForce = Prisma.sql`w.state = 'granted' and w.until > ${now}`
  if (list === 'asked') return Prisma.sql`w.state = 'asked'`
  if (list === 'in-force') return inForce
  if (list === 'ending') return Prisma.sql`${inForce} and w.until <= ${new Date(now.getTime() + ENDING_DAYS * DAY_MS)}`
  if (list === 'over') return Prisma.sql`w.state <> 'asked' and not (${inForce})`
  return Prisma.sql`true`
}

async function withHistory(db: Database, rows: readonly WaiverRow[]): Promise<WaiverWithHistory[]> {
  if (rows.length === 0) return []
  const events = await db.waiverEvent.findMany({
    where: { waiverId: { in: rows.map(({ id }) => id) } },
    orderBy: { id: 'asc' },
    select: { waiverId: true, at: true, name: true, what: true, until: true, words: true },
  })
  const byWaiver = Map.groupBy(events, event => event.waiverId)
  return rows.map(row => ({ ...row, events: (byWaiver.get(row.id) ?? []).map(told) }))
}

function told({ waiverId: _, ...event }: WaiverEventRow & { waiverId: number }): WaiverEventRow {
  return event
}
