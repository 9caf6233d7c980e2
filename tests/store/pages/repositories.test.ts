import { expect, test } from 'vitest'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import type { CheckResult, Outcome } from '#lib/scan.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../made.ts'

/** Repositories by name, each with the outcomes of the two checks of one item. */
const OUTCOMES: Record<string, [Outcome, Outcome]> = {
  wrong: ['fail', 'pass'],
  'wrong-and-unseen': ['unknown', 'fail'],
  unseen: ['pass', 'unknown'],
  broken: ['error', 'not-applicable'],
  right: ['pass', 'not-applicable'],
  unconcerned: ['not-applicable', 'not-applicable'],
}

describeDatabases('the list of repositories', database => {
  async function names(search: object): Promise<string[]> {
    const scope = { orgId: 1, sees: { all: true } } as const
    const { rows, total } = await readRepositories(database.db, scope, repositoriesQuery.parse(search), day(40))
    expect(total).toBe(rows.length)
    return rows.map(row => row.name).sort()
  }

  async function store(): Promise<void> {
    const all = Object.keys(OUTCOMES)
    await makeOrg(
      database.db,
      all.map((name, index) =>
        listed(index + 1, name, index === 0 ? { visibility: 'private', topics: ['tier-1'] } : {}),
      ),
    )
    for (const [index, outcomes] of Object.values(OUTCOMES).entries()) {
      const checks = outcomes.map((outcome, at): CheckResult => {
        const value = outcome === 'pass' ? 1 : outcome === 'fail' ? 0 : null
        return result(`check-${at}`, outcome === 'fail' ? [finding('a')] : [], { outcome, value })
      })
      const snapshotId = await crawl(database.db, index + 1, `c${index}`, { 'a.yml': String(index) })
      const one = { repositoryId: BigInt(index + 1), snapshotId, headOid: oid(`c${index}`), report: report(checks) }
      await saveScans(database.db, [{ ...one, checklistVersion: 'v1', policyHash: 'p1', now: day(2) }])
    }
  }

  test('an item is as its worst check, and not applicable only where none applied', async () => {
    await store()
    expect(await names({ item: 'pin-actions', outcome: 'fail' })).toEqual(['wrong', 'wrong-and-unseen'])
    expect(await names({ item: 'pin-actions', outcome: 'unknown' })).toEqual(['broken', 'unseen'])
    expect(await names({ item: 'pin-actions', outcome: 'pass' })).toEqual(['right'])
    expect(await names({ item: 'pin-actions', outcome: 'not-applicable' })).toEqual(['unconcerned'])
    expect(await names({ item: 'sign-releases', outcome: 'fail' })).toEqual([])
  })

  test('without an item any of the six is meant, and a check is asked alone', async () => {
    await store()
    expect(await names({ outcome: 'fail' })).toEqual(['wrong', 'wrong-and-unseen'])
    expect(await names({ outcome: 'pass' })).toEqual(['right'])
    expect(await names({ check: 'check-1', outcome: 'fail' })).toEqual(['wrong-and-unseen'])
    expect(await names({ check: 'check-0', outcome: 'unknown' })).toEqual(['broken', 'wrong-and-unseen'])
  })

  test('what the crawl brought, and why it did not, narrows it', async () => {
    await store()
    const { db } = database
    await db.repository.updateMany({ where: { name: { in: ['wrong', 'right'] } }, data: { outcome: 'ok' } })
    await db.repository.update({ where: { id: 3n }, data: { outcome: 'partial', outcomeReason: 'too large' } })
    await db.repository.update({ where: { id: 4n }, data: { outcome: 'failed', outcomeReason: 'it timed out' } })
    await db.repository.update({ where: { id: 6n }, data: { outcome: 'failed', outcomeReason: 'it broke off' } })
    expect(await names({ crawl: 'read' })).toEqual(['right', 'unseen', 'wrong'])
    expect(await names({ crawl: 'failed' })).toEqual(['broken', 'unconcerned'])
    expect(await names({ crawl: 'failed', reason: 'it broke off' })).toEqual(['unconcerned'])
  })

  test('visibility, topic and names picked by hand narrow it', async () => {
    await store()
    expect(await names({ visibility: 'private' })).toEqual(['wrong'])
    expect(await names({ topic: 'tier-1' })).toEqual(['wrong'])
    expect(await names({ only: ['right', 'unseen', 'none-such'] })).toEqual(['right', 'unseen'])
  })
})
