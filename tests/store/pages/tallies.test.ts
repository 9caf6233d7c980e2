import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import { readCheckCounts } from '#lib/store/pages/checks.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, saveListing } from '../made.ts'

describeDatabases('kept figures', database => {
  /** Outcomes by repository and day, by a small generator with a fixed seed. */
  async function history(): Promise<Scope> {
    const names = ['one', 'two', 'three', 'four', 'five']
    const org = await makeOrg(
      database.db,
      names.map((name, index) => listed(index + 1, name)),
    )
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed % below
    }
    for (let at = 2; at <= 12; at++) {
      const scans = []
      for (let id = 1; id <= names.length; id++) {
        if (random(3) === 0) continue
        const commit = `c${id}-${at}`
        const checks = ['pinned', 'least', 'locked'].map((check, index) => {
          const item = index === 2 ? ('pin-dependencies' as const) : ('pin-actions' as const)
          const luck = random(4)
          if (luck === 0) return result(check, [], { item, outcome: 'unknown', value: null })
          if (luck === 1) return result(check, [], { item, outcome: 'not-applicable', value: null })
          return result(check, luck === 2 ? [finding(`f${random(3)}`)] : [], { item })
        })
        const snapshotId = await crawl(database.db, id, commit, { 'a.yml': commit })
        const judged = report(checks, { score: random(5) === 0 ? null : random(101) })
        const versions = { checklistVersion: 'v1', policyHash: 'p1' }
        scans.push({
          repositoryId: BigInt(id),
          snapshotId,
          headOid: oid(commit),
          report: judged,
          ...versions,
          now: day(at),
        })
      }
      await saveScans(database.db, scans)
    }
    return { orgId: org.id, sees: { all: true } }
  }

  /** What the pages tell from the kept figures, and what they tell where they count anew for somebody who sees it all. */
  async function both(scope: Scope) {
    const range = rangeOf(trendsQuery.parse({ from: '2026-01-01', to: '2026-01-13' }), day(14))
    const told = async (own: Scope) => {
      const overview = await readOverview(database.db, own, day(8), day(14))
      const trends = await readTrends(database.db, own, { check: 'pinned' }, range)
      const counts = [...(await readCheckCounts(database.db, own)).values()]
      return {
        items: overview.items.map(({ item, counts: of }) => [item, of]),
        counts: counts.sort((a, b) => a.checkId.localeCompare(b.checkId)),
        score: trends.score.map(point => [point.repositories, Math.round((point.score ?? 0) * 1000)]),
        steps: trends.items.map(({ item, points }) => [item, points.map(point => point.counts)]),
        subject: trends.subject?.map(point => point.counts),
      }
    }
    return [await told(scope), await told({ orgId: scope.orgId, sees: { all: false, userId: 'nobody' } })]
  }

  test('agree with the repositories counted anew, through every kind of change', async () => {
    const scope = await history()
    const [kept, counted] = await both(scope)
    expect(kept).toEqual(counted)
  })

  test('a repository that is archived or gone leaves them, and comes back with what it was', async () => {
    const scope = await history()
    const before = await readCheckCounts(database.db, scope)
    const list = (archived: boolean) =>
      [1, 2, 3, 4, 5].map(id => listed(id, `n${id}`, { archived: archived && id < 3 }))
    await saveListing(database.db, { orgId: scope.orgId, repositories: list(true), complete: true, now: day(15) })
    const [kept, counted] = await both(scope)
    expect(kept?.items).toEqual(counted?.items)
    expect(kept?.counts).toEqual(counted?.counts)
    await saveListing(database.db, { orgId: scope.orgId, repositories: list(false), complete: true, now: day(16) })
    expect(await readCheckCounts(database.db, scope)).toEqual(before)
    for (const at of [17, 18]) {
      const repositories = list(false).slice(1)
      await saveListing(database.db, { orgId: scope.orgId, repositories, complete: true, now: day(at) })
    }
    const [left, recounted] = await both(scope)
    expect(left?.counts).toEqual(recounted?.counts)
  })
})
