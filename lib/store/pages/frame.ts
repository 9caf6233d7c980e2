import type { Coverage, Frame, Place, Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { chosen, orgsSeen } from '../orgs.ts'
import { visibleStanding } from '../visible.ts'
import { READ } from './repository-filter.ts'

/**
 * The organisation that is asked for by its login, or else the first that the asker sees; null before there is any. One
 * query, after which a page can begin to read its own.
 */
export async function readPlace(db: Database, sees: Scope['sees'], asked: string | null): Promise<Place | null> {
  const orgs = await orgsSeen(db, sees)
  const org = chosen(orgs, asked)
  if (org === null) return null
  const { id: orgId, login, webUrl, demo } = org
  return { scope: { orgId, sees }, org: login, orgs: orgs.map(one => one.login), webUrl, demo }
}

/** The same with its coverage as the asker sees it. Two queries. */
export async function readFrame(db: Database, sees: Scope['sees'], asked: string | null): Promise<Frame | null> {
  const place = await readPlace(db, sees, asked)
  return place === null ? null : { ...place, coverage: await readCoverage(db, place.scope) }
}

type Row = {
  outcome: string
  total: number
  archived: number
  scanned: number
  newest: number | null
  oldest: Date | null
  sweptAt: Date | null
}

/** How many repositories were looked at, with what outcome and when. One query. */
export async function readCoverage(db: Database, scope: Scope): Promise<Coverage> {
  // Most are ok, which as null takes half the time to group.
  const rows = await db.$queryRaw<Row[]>`
    select coalesce(other, 'ok') as outcome, total, archived, scanned, newest, oldest, o."sweptAt" from (
      select nullif(coalesce(s.outcome, 'waiting'), 'ok') as other, count(*)::int as total,
        (count(*) filter (where s.archived))::int as archived, count(s."scanId")::int as scanned,
        max(s."scanId") as newest, min(s."crawledAt") as oldest
      from "Standing" s where ${visibleStanding(scope)} group by other) told
    join "Org" o on o.id = ${scope.orgId} order by outcome`
  const times = rows.flatMap(row => oldestOf(row)?.getTime() ?? [])
  const newest = rows.flatMap(row => row.newest ?? [])
  return {
    total: sum(rows.map(row => row.total)),
    archived: sum(rows.map(row => row.archived)),
    crawled: sum(rows.filter(row => READ.includes(row.outcome)).map(row => row.total)),
    scanned: sum(rows.map(row => row.scanned)),
    newestScan: newest.length === 0 ? null : Math.max(...newest),
    missing: rows.filter(row => !READ.includes(row.outcome)).map(row => ({ outcome: row.outcome, count: row.total })),
    oldest: times.length === 0 ? null : new Date(Math.min(...times)),
  }
}

/** A complete listing tells of every repository whether its head has moved, so it is a look at all that could be read. */
function oldestOf({ outcome, oldest, sweptAt }: Row): Date | null {
  const isLooked = outcome === 'ok' || outcome === 'empty'
  return isLooked && sweptAt !== null && (oldest === null || sweptAt > oldest) ? sweptAt : oldest
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
