import { expect, test } from 'vitest'
import { dropHints, oldestHint, readHints, saveDelivery, saveMissed } from '#lib/store/hints.ts'
import { describeDatabases } from '#tests/database.ts'
import { day, listed, makeOrg } from './made.ts'

const push = (id: string, repository: string | null, org = 'ACME') => ({ id, event: 'push', org, repository })

describeDatabases('hints', database => {
  test('a delivery counts once, and only for an organisation that is crawled', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [])
    expect(await saveDelivery(db, push('1', 'R_1'), day(1))).toBe(true)
    expect(await saveDelivery(db, push('1', 'R_2'), day(2))).toBe(false)
    expect(await saveDelivery(db, push('2', 'R_3', 'others'), day(2))).toBe(true)
    expect(await saveDelivery(db, push('3', null), day(2))).toBe(true)
    expect(await readHints(db, orgId, 10)).toEqual({ nodeIds: ['R_1'], until: day(1) })
  })

  test('a hint that is given again while it is followed is followed again', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [])
    await saveDelivery(db, push('1', 'R_1'), day(1))
    await saveDelivery(db, push('2', 'R_2'), day(2))
    const { nodeIds, until } = await readHints(db, orgId, 10)
    await saveDelivery(db, push('3', 'R_1'), day(3))
    await dropHints(db, { orgId, nodeIds, until: until ?? day(9), now: day(3) })
    expect(await readHints(db, orgId, 10)).toEqual({ nodeIds: ['R_1'], until: day(3) })
    expect(await oldestHint(db, orgId)).toEqual(day(3))
    // Ids of deliveries are forgotten in the end.
    await dropHints(db, { orgId, nodeIds: ['R_1'], until: day(3), now: day(10) })
    expect(await oldestHint(db, orgId)).toBeNull()
    expect(await db.webhookDelivery.count()).toBe(2)
  })

  test('in whatever order deliveries come, however often, and whichever are lost, what is named is looked at', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [])
    const sent = ['R_1', 'R_2', 'R_1', 'R_3', 'R_2'].map((repository, index) => push(`d${index}`, repository))
    // A few of the orders, with each delivery once, twice or not at all; the same in every run.
    for (const [turn, rotation] of [0, 1, 2, 3, 4].entries()) {
      await db.webhookDelivery.deleteMany()
      await db.repositoryHint.deleteMany()
      const came = [...sent.slice(rotation), ...sent.slice(0, rotation)].filter((_, index) => index !== turn)
      for (const delivery of [...came, ...came.toReversed()]) await saveDelivery(db, delivery, day(1))
      const { nodeIds } = await readHints(db, orgId, 10)
      expect(nodeIds.toSorted()).toEqual([...new Set(came.map(({ repository }) => repository))].sort())
      expect(await db.webhookDelivery.count()).toBe(came.length)
    }
  })

  test('a delivery that did not reach us is a hint once, unless it came after all', async () => {
    const { db } = database
    const { id: orgId } = await makeOrg(db, [listed(1, 'one'), listed(2, 'two')])
    await saveDelivery(db, push('came', null), day(1))
    const missed = [
      { guid: 'came', event: 'push', repositoryId: 2n },
      { guid: 'lost', event: 'repository', repositoryId: 1n },
      { guid: 'lost', event: 'repository', repositoryId: 1n },
      { guid: 'unknown', event: 'repository', repositoryId: 99n },
    ]
    await saveMissed(db, { orgId, missed, now: day(2) })
    expect(await readHints(db, orgId, 10)).toEqual({ nodeIds: ['R_1'], until: day(2) })
    await dropHints(db, { orgId, nodeIds: ['R_1'], until: day(2), now: day(2) })
    await saveMissed(db, { orgId, missed, now: day(3) })
    expect(await oldestHint(db, orgId)).toBeNull()
  })
})
