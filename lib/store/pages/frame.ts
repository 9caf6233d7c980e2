import type { Frame, Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { chosen, orgsSeen } from '../orgs.ts'
import { visible } from '../visible.ts'
import { READ } from './repository-filter.ts'

type Row = {
  login: string
  webUrl: string
  demo: boolean
  outcome: string | null
  total: number
  archived: number
  scanned: number
  newest: number | null
  oldest: Date | null
}

/**
 * The organisation that is asked for by its login, or else the first that the asker sees, with its coverage as they see
 * it; null before anything was crawled. Two queries.
 */
export async function readFrame(db: Database, sees: Scope['sees'], asked: string | null): Promise<Frame | null> {
  const orgs = await orgsSeen(db, sees)
  const orgId = chosen(orgs, asked)?.id
  if (orgId === undefined) return null
  const scope: Scope = { orgId, sees }
  const rows = await db.$queryRaw<Row[]>`
    select o.login, o."webUrl", o.demo, r.outcome,
      count(r.id)::int as total,
      (count(r.id) filter (where r.archived))::int as archived,
      count(r."latestScanId")::int as scanned, max(r."latestScanId") as newest,
      -- A complete listing tells of every repository whether its head has moved, so it is a look at all of them.
      min(case when r.outcome in ('ok', 'empty') then greatest(r."crawledAt", o."sweptAt") else r."crawledAt" end) as oldest
    from "Org" o
    left join "Repository" r on ${visible(scope)}
    where o.id = ${orgId}
    group by o.id, r.outcome
    order by r.outcome`
  const [first] = rows
  if (first === undefined) return null
  const oldest = rows.flatMap(row => (row.oldest === null ? [] : [row.oldest.getTime()]))
  return {
    scope,
    org: first.login,
    orgs: orgs.map(({ login }) => login),
    webUrl: first.webUrl,
    demo: first.demo,
    coverage: {
      total: sum(rows.map(row => row.total)),
      archived: sum(rows.map(row => row.archived)),
      crawled: sum(rows.filter(row => READ.includes(row.outcome ?? '')).map(row => row.total)),
      scanned: sum(rows.map(row => row.scanned)),
      newestScan: rows.reduce<number | null>(
        (newest, row) => ((row.newest ?? 0) > (newest ?? 0) ? row.newest : newest),
        null,
      ),
      missing: rows
        .filter(row => row.total > 0 && !READ.includes(row.outcome ?? ''))
        .map(row => ({ outcome: row.outcome ?? 'waiting', count: row.total })),
      oldest: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
