import { expect, test } from 'vitest'
import { askForLook } from '#lib/auth/looks.ts'
import { seesOf } from '#lib/auth/permit.ts'
import { KEPT } from '#lib/github/lane.ts'
import { saveDelivery } from '#lib/store/hints.ts'
import { LEAVES, readCrawling } from '#lib/store/pages/crawling.ts'
import { finishRunWhenDone, queueRepositories, saveOutcomes, startRun } from '#lib/store/runs.ts'
import { describeDatabases } from '#tests/database.ts'
import { day, listed, makeOrg, whole } from '../made.ts'

const MINUTE = 60_000
const now = day(2)
const later = (milliseconds: number) => new Date(+now + milliseconds)

test('lanes leave of a budget what the page says', () => {
  expect(LEAVES).toEqual(KEPT)
})

describeDatabases('what is under way', database => {
  test('is counted by lane, over what the asker sees', async () => {
    const { db } = database
    const rows = [listed(1, 'one'), listed(2, 'two'), listed(3, 'hidden', { visibility: 'private' })]
    const org = await makeOrg(db, rows)
    const sweepId = await startRun(db, { orgId: org.id, kind: 'sweep', now })
    await queueRepositories(db, sweepId, rows, now)
    const ada = { id: 'ada', name: 'Ada', role: 'owner', sees: seesOf('owner', 'ada'), via: 'session' } as const
    for (const name of ['one', 'hidden'])
      await askForLook(db, { ...ada, scopes: null, address: null }, { orgId: org.id, name }, now)
    for (const [id, repository] of ['R_2', 'R_3'].entries())
      await saveDelivery(db, { id: String(id), event: 'push', org: 'acme', repository }, now)
    const lanes = async (sees = whole(org).sees) => {
      const { lanes } = await readCrawling(db, { orgId: org.id, sees }, now)
      return lanes.map(({ lane, waiting }) => `${lane} ${waiting}`)
    }
    expect(await lanes()).toEqual(['interactive 2', 'dirty 2', 'sweep 3', 'slow 0'])
    expect(await lanes(seesOf('viewer', 'grace'))).toEqual(['interactive 1', 'dirty 1', 'sweep 2', 'slow 0'])
    expect((await readCrawling(db, whole(org), now)).run).toMatchObject({ kind: 'sweep', total: 3, done: 0 })
  })

  test('tells the budgets of its account as of now, and of no other', async () => {
    const { db } = database
    const org = await makeOrg(db, [])
    const budgets = async (at: Date) => (await readCrawling(db, whole(org), at)).budgets
    const full = { limit: 5_000, remaining: 1_200, resetAt: later(MINUTE) }
    await db.budget.createMany({
      data: [
        { ...full, account: 'a', resource: 'core' },
        { ...full, account: 'a', resource: 'graphql', pausedUntil: later(MINUTE / 2) },
        { ...full, account: 'b', resource: 'core', remaining: 1 },
      ],
    })
    expect(await budgets(now)).toEqual([])
    await db.org.update({ where: { id: org.id }, data: { account: 'a' } })
    const told = { limit: 5_000, remaining: 1_200, resetAt: later(MINUTE).toISOString(), pausedUntil: null }
    expect(await budgets(now)).toEqual([
      { ...told, resource: 'core' },
      { ...told, resource: 'graphql', pausedUntil: later(MINUTE / 2).toISOString() },
    ])
    const over = { limit: 5_000, remaining: 5_000, resetAt: null, pausedUntil: null }
    expect(await budgets(later(MINUTE))).toEqual([
      { ...over, resource: 'core' },
      { ...over, resource: 'graphql' },
    ])
  })

  test('tells since when a run has settled nothing, once that is long ago and until it goes on', async () => {
    const { db } = database
    const rows = [listed(1, 'one'), listed(2, 'two')]
    const org = await makeOrg(db, rows)
    const quiet = async (at: Date) => (await readCrawling(db, whole(org), at)).quietSince
    const runId = await startRun(db, { orgId: org.id, kind: 'first', now })
    await queueRepositories(db, runId, rows, now)
    expect([await quiet(later(5 * MINUTE)), await quiet(later(6 * MINUTE))]).toEqual([null, now.toISOString()])
    const settle = (id: bigint, name: string, at: Date) =>
      saveOutcomes(db, runId, [{ repositoryId: id, name, outcome: 'ok', reason: null }], at)
    await settle(1n, 'one', later(4 * MINUTE))
    expect(await quiet(later(6 * MINUTE))).toBeNull()
    expect(await quiet(later(10 * MINUTE))).toBe(later(4 * MINUTE).toISOString())
    await settle(2n, 'two', later(4 * MINUTE))
    await finishRunWhenDone(db, runId, later(4 * MINUTE))
    expect(await quiet(later(60 * MINUTE))).toBeNull()
  })
})
