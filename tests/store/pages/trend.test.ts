import { expect, test } from 'vitest'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import type { CheckResult } from '#lib/scan.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '../counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../made.ts'

const ALL = { all: true } as const

test('a range is cut into steps that end now, at most some sixty of them', () => {
  const now = day(100)
  const year = rangeOf({}, now)
  expect(year.stepDays).toBe(7)
  expect(year.ends.at(-1)).toEqual(now)
  expect(year.ends.length).toBeLessThan(60)
  const month = rangeOf(trendsQuery.parse({ from: '2026-01-02', to: '2026-01-31' }), now)
  expect([month.stepDays, month.ends.length]).toEqual([1, 31])
})

test('a range that makes no sense is mended, not refused', () => {
  const now = day(10)
  const upsideDown = rangeOf(trendsQuery.parse({ from: '2030-01-01', to: '2031-01-01' }), now)
  expect(upsideDown.to).toEqual(now)
  expect(upsideDown.from.getTime()).toBeLessThan(now.getTime())
  expect(trendsQuery.parse({ from: 'yesterday', item: '' })).toEqual({})
})

describeDatabases('trends', database => {
  async function scanned(id: number, at: number, score: number, checks: CheckResult[], checklistVersion = 'v1') {
    const commit = `c${id}-${at}`
    const snapshotId = await crawl(database.db, id, commit, { 'a.yml': commit })
    const versions = { checklistVersion, policyHash: 'p1' }
    const judged = report(checks, { score })
    const repositoryId = BigInt(id)
    await saveScans(database.db, [
      {
        repositoryId,
        snapshotId,
        headOid: oid(commit),
        report: judged,
        ...versions,
        now: day(at),
      },
    ])
  }
  const good = () => [result('pinned', [])]
  const bad = () => [result('pinned', [finding('a')])]

  async function store(): Promise<number> {
    const repositories = [listed(1, 'one'), listed(2, 'two'), listed(3, 'old', { archived: true })]
    const org = await makeOrg(database.db, repositories)
    await scanned(1, 2, 20, bad())
    await scanned(2, 3, 60, good())
    await scanned(3, 3, 0, bad())
    await scanned(1, 5, 80, good(), 'v2')
    return org.id
  }
  const range = rangeOf(trendsQuery.parse({ from: '2026-01-01', to: '2026-01-06' }), day(7))

  test('a score is told with how many repositories it is of, and archived ones are in no figure', async () => {
    const orgId = await store()
    const { score } = await readTrends(database.db, { orgId, sees: ALL }, {}, range)
    expect(score.map(point => [point.score, point.repositories])).toEqual([
      [null, 0],
      [null, 0],
      [20, 1],
      [40, 2],
      [40, 2],
      [70, 2],
      [70, 2],
    ])
  })

  test('items and checks are told by state, and a change of the checklist is marked', async () => {
    const orgId = await store()
    const trends = await readTrends(database.db, { orgId, sees: ALL }, { check: 'pinned' }, range)
    const told = trends.subject?.map(({ counts }) => [counts.pass, counts.fail])
    expect(told).toEqual([
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 1],
      [2, 0],
      [2, 0],
    ])
    expect(trends.items.map(({ item, points }) => [item, points.at(-1)?.counts.pass])).toEqual([['pin-actions', 2]])
    expect(trends.changes).toEqual([{ at: day(5), what: 'checklist' }])
  })

  test('what came before the range is where it begins', async () => {
    const orgId = await store()
    const late = rangeOf(trendsQuery.parse({ from: '2026-01-04', to: '2026-01-06' }), day(7))
    const { score } = await readTrends(database.db, { orgId, sees: ALL }, {}, late)
    expect(score[0]).toMatchObject({ score: 40, repositories: 2 })
  })

  test('the overview compares with the day that is asked for, and its repositories are those that the reader sees', async () => {
    const orgId = await store()
    const scope = { orgId, sees: ALL }
    const { result: overview, queries } = await countedQueries(() => readOverview(database.db, scope, day(4), day(7)))
    expect([overview.score, overview.scoreBefore]).toEqual([70, 40])
    expect(overview.up.map(({ name, change, reasons }) => [name, change, reasons])).toEqual([
      ['one', 60, [{ checkId: 'pinned', fixed: 1, opened: 0 }]],
    ])
    expect(queries).toBeLessThanOrEqual(8)
    await database.db.repository.update({ where: { id: 2n }, data: { visibility: 'private' } })
    const narrow = await readOverview(database.db, { orgId, sees: { all: false, userId: 'nobody' } }, day(4), day(7))
    expect([narrow.repositories, narrow.score]).toEqual([1, 80])
  })
})
