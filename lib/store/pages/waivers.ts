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

/** The waivers of the repositories that the asker sees, a page of one part of them, each with its history. Two queries. */
export async function readWaivers(db: Database, scope: Scope, query: WaiversQuery, now: Date): Promise<Waivers> {
  const own = query.repository ? Prisma.sql` and r.name = ${query.repository}` : Prisma.empty
  const [counts] = await db.$queryRaw<[Record<WaiverList, number>]>`
    select (count(*) filter (where ${isIn('asked', now)}))::int as asked,
      (count(*) filter (where ${isIn('in-force', now)}))::int as "in-force",
      (count(*) filter (where ${isIn('ending', now)}))::int as ending,
      (count(*) filter (where ${isIn('over', now)}))::int as over, count(*)::int as all
    from "Waiver" w join "Repository" r on r.id = w."repositoryId" where ${visible(scope)}${own}`
  const list = query.list ?? (counts.asked > 0 ? 'asked' : 'in-force')
  // What belongs to each is read for the page alone, not for those that are passed over.
  const rows = await db.$queryRaw<Kept[]>`
    with page as materialized (
      select w.id from "Waiver" w join "Repository" r on r.id = w."repositoryId"
      where ${visible(scope)}${own} and ${isIn(list, now)}
      order by ${ORDERS[list]} limit ${WAIVERS_PAGE} offset ${(query.page - 1) * WAIVERS_PAGE})
    select ${waiverColumns(now)}, ${HISTORY} from page join "Waiver" w on w.id = page.id
    join "Repository" r on r.id = w."repositoryId" order by ${ORDERS[list]}`
  return { list, rows: rows.map(told), total: counts[list], counts }
}

/** How many wait for a decision. One query. */
export async function countAskedWaivers(db: Database, scope: Scope): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where ${visible(scope)} and w.state = 'asked'`
  return row?.count ?? 0
}

/** What is asked, in force or lately ended over one repository. One query. */
export async function readWaiversOf(
  db: Database,
  scope: Scope,
  repositoryId: bigint,
  now: Date,
): Promise<WaiverWithHistory[]> {
  const lately = new Date(now.getTime() - 30 * DAY_MS)
  const rows = await db.$queryRaw<Kept[]>`
    select ${waiverColumns(now)}, ${HISTORY} from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where ${visible(scope)} and r.id = ${repositoryId}
      and (w.state = 'asked' or (w.state = 'granted' and w.until > ${lately})) order by w.until, w.id`
  return rows.map(told)
}

/** A waiver as it is shown; `w` and `r` are the tables' aliases. */
export function waiverColumns(now: Date): Prisma.Sql {
  return Prisma.sql`w.id, r.name as repository, w.scope, w."checkId", w.fingerprint, w.path, w.subject, w.reason, w.words,
    case when w.state = 'granted' and w.until <= ${now} then 'expired' else w.state end as state, w."askedAt", w."askedBy",
    w."askedName", w."decidedAt", w."decidedName", w.until,
    (select count(*)::int from "Finding" f where f."waiverId" = w.id and f."fixedAt" is null) as findings`
}

type Kept = WaiverRow & { events: (Omit<WaiverEventRow, 'at' | 'until'> & { at: number; until: number | null })[] }

/** Its history beside it; JSON knows no dates, so that times come as milliseconds. */
const HISTORY = Prisma.sql`(
  select json_agg(json_build_object('at', extract(epoch from e.at) * 1000, 'name', e.name, 'what', e.what,
    'until', extract(epoch from e.until) * 1000, 'words', e.words) order by e.id)
  from "WaiverEvent" e where e."waiverId" = w.id) as events`

function told({ events, ...row }: Kept): WaiverWithHistory {
  const dated = events.map(({ at, until, ...event }) => ({
    ...event,
    at: new Date(at),
    until: until === null ? null : new Date(until),
  }))
  return { ...row, events: dated }
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
