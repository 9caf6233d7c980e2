import type { Frame } from '../../api/frame.ts'
import type { Database } from '../database.ts'

type Row = {
  id: number
  login: string
  webUrl: string
  demo: boolean
  outcome: string | null
  total: number
  archived: number
  scanned: number
  oldest: Date | null
}

const READ = new Set(['ok', 'partial'])

/** The organisation crawled last, with its coverage; null before anything was crawled. One query. */
export async function readFrame(db: Database): Promise<Frame | null> {
  const rows = await db.$queryRaw<Row[]>`
    select o.id, o.login, o."webUrl", o.demo, r.outcome,
      count(r.id)::int as total,
      (count(r.id) filter (where r.archived))::int as archived,
      count(r."latestScanId")::int as scanned,
      -- A complete listing tells of every repository whether its head has moved, so it is a look at all of them.
      min(case when r.outcome in ('ok', 'empty') then greatest(r."crawledAt", o."sweptAt") else r."crawledAt" end) as oldest
    from "Org" o
    left join "Repository" r on r."orgId" = o.id and r."goneAt" is null
    where o.id = (
      select candidate.id from "Org" candidate left join "CrawlRun" run on run."orgId" = candidate.id
      order by run.id desc nulls last, candidate.id desc limit 1)
    group by o.id, r.outcome
    order by r.outcome`
  const [first] = rows
  if (first === undefined) return null
  const oldest = rows.flatMap(row => (row.oldest === null ? [] : [row.oldest.getTime()]))
  return {
    orgId: first.id,
    org: first.login,
    webUrl: first.webUrl,
    demo: first.demo,
    coverage: {
      total: sum(rows.map(row => row.total)),
      archived: sum(rows.map(row => row.archived)),
      crawled: sum(rows.filter(row => READ.has(row.outcome ?? '')).map(row => row.total)),
      scanned: sum(rows.map(row => row.scanned)),
      missing: rows
        .filter(row => row.total > 0 && !READ.has(row.outcome ?? ''))
        .map(row => ({ outcome: row.outcome ?? 'waiting', count: row.total })),
      oldest: oldest.length === 0 ? null : new Date(Math.min(...oldest)),
    },
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
