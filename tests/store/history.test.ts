import { expect, test } from 'vitest'
import { thinHistory } from '#lib/store/history.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from './counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from './made.ts'

describeDatabases('history', database => {
  test('is every scan for two days, one a day, one a week, and always what changed', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [listed(1, 'one'), listed(2, 'two')])
    // Three looks a day for 800 days; on day 100 something breaks, and on day 101 it is mended.
    const looks = [1, 2, 3, 50, 100, 101, 400, 401, 402, 403, 404, 405, 406, 407, 750, 751, 798, 799, 800]
    for (const repositoryId of [1, 2]) {
      for (const number of looks) {
        for (const hour of [1, 9, 17]) {
          const commit = `${repositoryId} ${number} ${hour}`
          const snapshotId = await crawl(db, repositoryId, commit, { 'a.yml': 'same' })
          const checks = [result('pinned', number === 100 ? [finding('a')] : [])]
          const now = new Date(day(number).getTime() + hour * 3_600_000)
          const versions = { checklistVersion: 'v1', policyHash: 'p1', now }
          const one = { repositoryId: BigInt(repositoryId), snapshotId, headOid: oid(commit), report: report(checks) }
          await saveScans(db, [{ ...one, ...versions }])
        }
      }
    }
    const now = day(801)
    await db.snapshot.updateMany({ data: { takenAt: day(1) } })
    expect(await thinHistory(db, { orgId, now })).toBeGreaterThan(0)
    const kept = async (repositoryId: bigint) => {
      const scans = await db.scan.findMany({ where: { repositoryId }, orderBy: { scannedAt: 'asc' } })
      return scans.map(({ scannedAt }) => {
        const hours = Math.round((scannedAt.getTime() - day(0).getTime()) / 3_600_000)
        return `${Math.floor(hours / 24)} at ${hours % 24}`
      })
    }
    const expected = [
      // The first of all, the last of the week that day 100 lies in, and both changes.
      '1 at 1',
      '100 at 1',
      '101 at 1',
      '101 at 17',
      '403 at 17',
      '407 at 17',
      '750 at 17',
      '751 at 17',
      '798 at 17',
      ...['799 at 1', '799 at 9', '799 at 17', '800 at 1', '800 at 9', '800 at 17'],
    ]
    expect(await kept(1n)).toEqual(expected)
    expect(await kept(2n)).toEqual(expected)
    // A snapshot lives as long as a scan of it, and the newest in any case.
    expect(await db.snapshot.count()).toBe(expected.length * 2)
    expect(await thinHistory(db, { orgId, now })).toBe(0)
  })

  test('keeps what another judge said, and where one finding went as another came', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [listed(1, 'one')])
    const looks = [
      ['a', 'v1', 'p1', 50],
      ['b', 'v1', 'p1', 50],
      ['b', 'v2', 'p1', 50],
      ['b', 'v2', 'p2', 50],
      ['b', 'v2', 'p2', 60],
      ['b', 'v2', 'p2', 60],
      ['b', 'v2', 'p2', 60],
    ] as const
    for (const [hour, [name, checklistVersion, policyHash, score]] of looks.entries()) {
      const snapshotId = await crawl(db, 1, `c${hour}`, { 'a.yml': 'same' })
      const now = new Date(+day(400) + hour * 3_600_000)
      const said = report([result('pinned', [finding(name)])], { score })
      const one = { repositoryId: 1n, snapshotId, headOid: oid(`c${hour}`), report: said }
      await saveScans(db, [{ ...one, checklistVersion, policyHash, now }])
    }
    await db.snapshot.updateMany({ data: { takenAt: day(1) } })
    // Only the last but one says nothing that is not said by those beside it.
    expect(await thinHistory(db, { orgId, now: day(500) })).toBe(1)
    const left = await db.scan.findMany({ orderBy: { scannedAt: 'asc' } })
    expect(left.map(({ scannedAt }) => scannedAt.getUTCHours())).toEqual([0, 1, 2, 3, 4, 6])
  })

  test('is thinned a bounded number of scans at a time, whatever the repositories have', async () => {
    const { db } = database
    const rows = Array.from({ length: 6 }, (_, index) => listed(index + 1, `r${index + 1}`))
    const { id: orgId } = await makeOrg(db, rows)
    await db.$executeRaw`
      INSERT INTO "Snapshot" ("id", "repositoryId", "headOid", "treeOid", "takenAt", "unread", "refs")
      SELECT r * 2000 + k, r, md5(r || ' ' || k), 'tree', ${day(1)}::timestamptz + k * interval '3 hours', '[]', '{}'
      FROM generate_series(1, 6) r, generate_series(1, 1500) k`
    await db.$executeRaw`
      INSERT INTO "Scan" ("id", "repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", "itemsMet",
        "itemsApplied", "openFindings", "items", "leftOut", "couldNotRead")
      SELECT "id", "repositoryId", "id", "takenAt", 'v1', 'p1', 0, 0, 0, '[]', '[]', '[]' FROM "Snapshot"`
    const { result: removed, queries } = await countedQueries(() => thinHistory(db, { orgId, now: day(400) }))
    expect(removed).toBeGreaterThan(5_000)
    // Nine thousand scans are more than two statements look at.
    expect(queries).toBeGreaterThanOrEqual(2 + 3 * 2)
    expect(await db.scan.count()).toBe(6 * 1_500 - removed)
    expect(await db.snapshot.count()).toBe(await db.scan.count())
    expect(await thinHistory(db, { orgId, now: day(400) })).toBe(0)
  })

  test('keeps how repositories fared in the newest runs and in those of this month, and nothing of older ones', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [listed(1, 'one')])
    const at = (run: number) => (run === 1 ? day(490) : day(run))
    for (let run = 1; run <= 115; run++) {
      const state = run === 2 ? 'running' : 'done'
      const { id } = await db.crawlRun.create({ data: { orgId, kind: 'poll', state, startedAt: at(run) } })
      await db.crawlOutcome.create({
        data: { runId: id, repositoryId: 1n, name: 'one', outcome: 'unchanged', at: at(run) },
      })
    }
    await thinHistory(db, { orgId, now: day(501) })
    const left = await db.crawlOutcome.findMany({ orderBy: { runId: 'asc' } })
    // The newest hundred that have ended, the one that has not, and the one of this month.
    expect(left.map(({ runId }) => runId)).toEqual([1, 2, ...Array.from({ length: 100 }, (_, index) => index + 16)])
    expect(await db.crawlRun.count()).toBe(115)
  })
})
