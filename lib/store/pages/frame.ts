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
  outcome: string | null
  total: number
  archived: number
  scanned: number
  newest: number | null
  oldest: Date | null
}

/** How many repositories were looked at, with what outcome and when. One query. */
export async function readCoverage(db: Database, scope: Scope): Promise<Coverage> {
  const rows = await db.$queryRaw<Row[]>`
    select s.outcome, count(*)::int as total, (count(*) filter (where s.archived))::int as archived,
      count(s."scanId")::int as scanned, max(s."scanId") as newest,
      -- A complete listing tells of every repository whether its head has moved, so it is a look at all of them.
      case when s.outcome in ('ok', 'empty')
        then greatest(min(s."crawledAt"), (select o."sweptAt" from "Org" o where o.id = ${scope.orgId}))
        else min(s."crawledAt") end as oldest
    from "Standing" s where ${visibleStanding(scope)} group by s.outcome order by s.outcome`
  const oldest = rows.flatMap(row => (row.oldest === null ? [] : [row.oldest.getTime()]))
  return {
    total: sum(rows.map(row => row.total)),
    archived: sum(rows.map(row => row.archived)),
    crawled: sum(rows.filter(row => READ.includes(row.outcome ?? '')).map(row => row.total)),
    scanned: sum(rows.map(row => row.scanned)),
    newestScan: rows.reduce<number | null>(
      (newest, row) => ((row.newest ?? 0) > (newest ?? 0) ? row.newest : newest),
      null,
    ),
    missing: rows
      .filter(row => !READ.includes(row.outcome ?? ''))
      .map(row => ({ outcome: row.outcome ?? 'waiting', count: row.total })),
    oldest: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
