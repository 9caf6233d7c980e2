import { expect, test } from 'vitest'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import type { CheckResult, Outcome } from '#lib/scan.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, saveListing } from '../made.ts'

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

  test('a listing that renames or labels one is told at once, by the list and by what it can be filtered by', async () => {
    const { db } = database
    const scope = { orgId: 1, sees: { all: true } } as const
    const read = (search: object) => readRepositories(db, scope, repositoriesQuery.parse(search), day(40))
    await makeOrg(db, [listed(1, 'old', { topics: ['tier-1'] }), listed(2, 'same', { topics: ['tier-1'] })])
    expect(await read({})).toMatchObject({ topics: ['tier-1'], languages: ['TypeScript'], owners: [] })
    const repositories = [listed(1, 'new', { topics: ['tier-2'], primaryLanguage: 'Go' }), listed(2, 'same')]
    await saveListing(db, { orgId: 1, repositories, complete: true, now: day(2) })
    await db.repository.update({ where: { id: 2n }, data: { teams: ['core'] } })
    expect(await names({})).toEqual(['new', 'same'])
    expect(await names({ q: 'new', sort: 'name' })).toEqual(['new'])
    expect(await names({ topic: 'tier-1' })).toEqual([])
    const told = { topics: ['one', 'tier-2', 'two'], languages: ['Go', 'TypeScript'], owners: ['core'] }
    expect(await read({})).toMatchObject(told)
  })

  test('they are sorted by how far the score moved since the day that is asked, new ones last either way', async () => {
    const { db } = database
    // Day of the scan → score, of repositories in another order than that of their names or scores.
    const scores: Record<string, Record<number, number>> = {
      sank: { 1: 90, 20: 60, 35: 30 },
      rose: { 1: 20, 35: 70 },
      stayed: { 1: 50, 35: 50 },
      'rose-early': { 1: 10, 5: 95, 35: 96 },
      'judged-lately': { 39: 100 },
      unjudged: {},
    }
    const all = Object.keys(scores)
    await makeOrg(
      db,
      all.map((name, index) => listed(index + 1, name)),
    )
    for (const [index, ofDays] of Object.values(scores).entries()) {
      for (const [at, score] of Object.entries(ofDays)) {
        const commit = `c${index}-${at}`
        const snapshotId = await crawl(db, index + 1, commit, { 'a.yml': commit })
        const one = { repositoryId: BigInt(index + 1), snapshotId, headOid: oid(commit) }
        const judged = { report: report([result('check-0', [])], { score }), checklistVersion: 'v1', policyHash: 'p1' }
        await saveScans(db, [{ ...one, ...judged, now: day(Number(at)) }])
      }
    }
    const changes = async (search: object) => {
      const query = repositoriesQuery.parse({ sort: 'change', ...search })
      const { rows } = await readRepositories(db, { orgId: 1, sees: { all: true } }, query, day(40))
      return rows.map(row => [
        row.name,
        row.score !== null && row.scoreBefore !== null ? row.score - row.scoreBefore : null,
      ])
    }
    const unknown = [
      ['judged-lately', null],
      ['unjudged', null],
    ]
    const inThirtyDays = [
      ['sank', -60],
      ['stayed', 0],
      ['rose-early', 1],
      ['rose', 50],
    ]
    expect(await changes({})).toEqual([...inThirtyDays, ...unknown])
    expect(await changes({ order: 'desc' })).toEqual([...inThirtyDays.toReversed(), ...unknown])
    const inTenDays = [
      ['sank', -30],
      ['stayed', 0],
      ['rose-early', 1],
      ['rose', 50],
    ]
    expect(await changes({ days: 10 })).toEqual([...inTenDays, ...unknown])
    expect(await names({ moved: 'down' })).toEqual(['sank'])
    expect(await names({ moved: 'up' })).toEqual(['rose', 'rose-early'])
    expect((await changes({ days: 38 })).slice(0, 4).at(-1)).toEqual(['rose-early', 86])
  })
})
