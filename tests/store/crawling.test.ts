import { expect, test } from 'vitest'
import { saveCapabilities } from '#lib/store/capabilities.ts'
import { crawlStore } from '#lib/store/crawl-store.ts'
import { findOrg, listOrgs, markListed, saveOrg } from '#lib/store/orgs.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { knownRepositories, repositoryIds, saveTeams } from '#lib/store/repositories.ts'
import {
  addUsage,
  finishRunWhenDone,
  queuedRepositories,
  queueRepositories,
  runningRun,
  startRun,
  stopRun,
} from '#lib/store/runs.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, listed, makeOrg, oid, saveListing, whole } from './made.ts'

describeDatabases('crawling', database => {
  test('an organisation is one row however often it is saved', async () => {
    const { db } = database
    const org = await makeOrg(db, [])
    const again = await saveOrg(db, { ...org, webUrl: 'https://new.example' })
    expect(again).toEqual({ ...org, webUrl: 'https://new.example' })
    await markListed(db, org.id, { sweptAt: day(2), pushedUntil: day(1) })
    expect(await findOrg(db, org.id)).toMatchObject({ sweptAt: day(2), pushedUntil: day(1) })
    expect(await listOrgs(db)).toHaveLength(1)
  })

  test('a renamed repository keeps its history', async () => {
    const { db } = database
    const org = await makeOrg(db, [listed(1, 'one')])
    await crawl(db, 1, 'c1', { a: 'a' })
    await saveListing(db, {
      orgId: org.id,
      repositories: [listed(1, 'uno', { topics: [], pushedAt: null, archived: true })],
      complete: true,
      now: day(2),
    })
    const row = await db.repository.findUniqueOrThrow({ where: { id: 1n }, include: { snapshots: true } })
    expect(row).toMatchObject({ name: 'uno', topics: [], pushedAt: null, archived: true, headOid: oid('c1') })
    expect(row.snapshots).toHaveLength(1)
  })

  test('a repository is gone when two complete listings miss it, and back when seen', async () => {
    const { db } = database
    const org = await makeOrg(db, [listed(1, 'one'), listed(2, 'two')])
    const one = { orgId: org.id, repositories: [listed(1, 'one')] }
    const state = async () => {
      const row = await db.repository.findUniqueOrThrow({ where: { id: 2n } })
      return [row.missingSince?.getUTCDate(), row.goneAt?.getUTCDate()]
    }
    await saveListing(db, { ...one, complete: false, now: day(2) })
    expect(await state()).toEqual([undefined, undefined])
    await saveListing(db, { ...one, complete: true, now: day(3) })
    expect(await state()).toEqual([3, undefined])
    await saveListing(db, { ...one, complete: true, now: day(4) })
    expect(await state()).toEqual([3, 4])
    expect((await repositoryIds(db, org.id, 100).next()).value).toEqual([1n])
    await saveListing(db, { ...one, complete: true, now: day(5) })
    expect(await state()).toEqual([3, 4])
    await saveListing(db, { orgId: org.id, repositories: [listed(2, 'two')], complete: false, now: day(6) })
    expect(await state()).toEqual([undefined, undefined])
  })

  test('a run counts by outcome and ends once', async () => {
    const { db } = database
    const org = await makeOrg(db, [listed(1, 'one'), listed(2, 'two'), listed(3, 'three')])
    const runId = await startRun(db, { orgId: org.id, kind: 'first', now: day(1) })
    const all = [1, 2, 3].map(id => ({ id: BigInt(id), name: `r${id}` }))
    await queueRepositories(db, runId, all, day(1))
    await queueRepositories(db, runId, all, day(1))
    const store = crawlStore(db, { runId, now: () => day(2) })
    await store.saveOutcomes([
      { repositoryId: 1n, name: 'one', outcome: 'ok', reason: null },
      { repositoryId: 2n, name: 'two', outcome: 'denied', reason: 'No rights\0.' },
    ])
    const run = () => readCrawls(db, whole(org)).then(({ runs }) => runs[0])
    expect(await run()).toMatchObject({ state: 'running', total: 3, done: 2, outcomes: { ok: 1, denied: 1 } })
    expect(await queuedRepositories(db, runId)).toEqual([3n])
    expect(await queuedRepositories(db, runId, [1n, 2n])).toEqual([])
    expect(await finishRunWhenDone(db, runId, day(2))).toBe(false)
    expect(await runningRun(db, org.id)).toBe(runId)
    await store.saveOutcomes([{ repositoryId: 3n, name: 'three', outcome: 'unchanged', reason: null }])
    const ended = await Promise.all([1, 2].map(() => finishRunWhenDone(db, runId, day(3))))
    expect(ended.filter(Boolean)).toHaveLength(1)
    await stopRun(db, runId, 'late', day(4))
    expect(await run()).toMatchObject({ state: 'done' })
    expect(await runningRun(db, org.id)).toBeNull()
    const rows = await db.repository.findMany({ orderBy: { id: 'asc' } })
    expect(rows.map(row => [row.outcome, row.outcomeReason])).toEqual([
      ['ok', null],
      ['denied', 'No rights\uFFFD.'],
      [null, null],
    ])
  })

  test('what was used adds up, by many at once', async () => {
    const { db } = database
    const org = await makeOrg(db, [])
    const runId = await startRun(db, { orgId: org.id, kind: 'poll', now: day(1) })
    const budget = { core: { limit: 5_000, remaining: 4_000, resetAt: day(1).toISOString() } }
    await Promise.all(Array.from({ length: 10 }, () => addUsage(db, runId, { rest: 2, points: 1 })))
    await addUsage(db, runId, { git: 3, budget })
    expect(await db.crawlRun.findUnique({ where: { id: runId } })).toMatchObject({
      rest: 20,
      points: 10,
      git: 3,
      budget,
    })
  })

  test('a snapshot and what follows it are one', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    await crawl(db, 1, 'c1', { a: 'a' })
    const look = { repositoryId: 1n, headOid: oid('c2'), treeOid: oid('tree of c1'), takenAt: day(2) }
    const facts = { unread: [], releases: null, settings: null, refs: {} }
    const failing = crawlStore(db, {
      runId: 1,
      now: () => day(2),
      onSnapshots: async () => {
        throw new Error('no queue')
      },
    })
    await expect(failing.saveSnapshots([{ ...look, ...facts }])).rejects.toThrow('no queue')
    expect(await db.snapshot.count()).toBe(1)
    expect((await knownRepositories(db, [1n, 9n])).get(1n)?.headOid).toBe(oid('c1'))
    const told: unknown[] = []
    const store = crawlStore(db, { runId: 1, now: () => day(2), onSnapshots: async (_, ids) => void told.push(ids) })
    await store.saveSnapshots([{ ...look, ...facts }])
    await store.saveSnapshots([{ ...look, ...facts }])
    // The second look found the same, so that there is nothing new to judge.
    expect(told).toEqual([[expect.any(Number)]])
  })

  test('refs are remembered for a day, missing ones too', async () => {
    const { db } = database
    const at = (now: Date) => crawlStore(db, { runId: 1, now: () => now })
    await at(day(1)).saveRefs(new Map([['a/b@v1', { commit: oid('c'), version: 'v1.0.0' }]]))
    await at(day(3)).saveRefs(
      new Map([
        ['a/b@v2', { commit: oid('d'), version: null }],
        ['a/b@gone', null],
      ]),
    )
    expect(await at(day(3)).knownRefs(['a/b@v1', 'a/b@v2', 'a/b@gone', 'x/y@z'])).toEqual(
      new Map([
        ['a/b@v2', { commit: oid('d'), version: null }],
        ['a/b@gone', null],
      ]),
    )
  })

  test('teams and capabilities take their newest state', async () => {
    const { db } = database
    const org = await makeOrg(db, [listed(1, 'one')])
    await saveTeams(db, new Map([[1n, ['core', 'web']]]))
    expect((await db.repository.findUniqueOrThrow({ where: { id: 1n } })).teams).toEqual(['core', 'web'])
    await saveCapabilities(db, org.id, [{ name: 'settings', state: 'denied', reason: 'No rights.' }], day(1))
    await saveCapabilities(db, org.id, [{ name: 'settings', state: 'ok', reason: null }], day(2))
    expect(await db.capability.findMany()).toMatchObject([{ name: 'settings', state: 'ok', reason: null }])
  })
})
