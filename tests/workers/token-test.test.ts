/** The test of a token, from the wish on a page to what the page tells, through the real job. */
import { expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { markAccount } from '#lib/store/orgs.ts'
import { readAccess } from '#lib/store/pages/access.ts'
import { openTests, testState, testWhereNew } from '#lib/store/token-tests.ts'
import { describeDatabases } from '#tests/database.ts'
import { acme } from '#tests/demo/github/acme.ts'
import { PLANTED } from '#tests/planted.ts'
import { followTests } from '#workers/schedule.ts'
import { inlineWorkers, now } from './inline-worker.ts'
import { until } from './worker-process.ts'

const BULK = 'POST /orgs/{org}/attestations/bulk-list'
const workerOver = inlineWorkers()

describeDatabases('tests of the token', database => {
  const worker = async (scenario: Scenario = []) => {
    const { dir } = await acme()
    const { work, ...rest } = await workerOver(database.db, dir, scenario, { token: PLANTED.classic })
    return { ...rest, work: () => work('test-token') }
  }

  test('a token that is new is tested once, and another one again', async () => {
    const { db, org, github, work } = await worker()
    await testWhereNew(db, { orgId: org.id, account: 'one', now: now() })
    await markAccount(db, org.id, 'one')
    await work()
    expect(await testState(db, org.id)).toEqual({ askedAt: null, testedAt: now() })
    github.counters.reset()
    await testWhereNew(db, { orgId: org.id, account: 'one', now: now() })
    await work()
    expect([github.counters.rest, github.counters.points]).toEqual([0, 0])
    await testWhereNew(db, { orgId: org.id, account: 'two', now: now() })
    expect((await testState(db, org.id)).askedAt).toEqual(now())
  })

  test('what it told is read again, right by right; how much it sees only by who sees all', async () => {
    const refused = { kind: 'no-permission', needs: 'attestations=read' } as const
    const { db, work } = await worker([{ on: { route: BULK }, times: 1, fault: refused }])
    await openTests(db, now())
    expect((await readAccess(db, { all: true }))[0]).toMatchObject({ testing: true, tested: null })
    await work()
    const [told] = await readAccess(db, { all: true })
    expect(told).toMatchObject({
      login: 'acme',
      testing: false,
      tested: { kind: 'classic', login: 'plumbline-reader', repositories: expect.any(Number) },
    })
    expect(told?.granted.get('Contents')).toMatchObject({ state: 'ok' })
    expect(told?.granted.get('Attestations')).toMatchObject({
      state: 'denied',
      reason: 'The token may not read this. It needs attestations: read.',
    })
    expect((await readAccess(db, { all: false, userId: 'ada' }))[0]?.tested?.repositories).toBeNull()
    await openTests(db, now())
    await work()
    expect((await readAccess(db, { all: true }))[0]?.granted.get('Attestations')).toMatchObject({ state: 'ok' })
  })

  test('a worker hears of a wish, and of a test that another worker made', async () => {
    const { db, org, source, queue, log, work } = await worker()
    let forgot = 0
    const end = followTests({ db, queue, orgId: org.id, log }, () => {
      forgot += 1
    })
    try {
      await until(async () => {
        await openTests(db, now())
        await work()
        return source.capabilities().length > 0
      })
      await until(async () => {
        // Somebody else's test, a moment later.
        await db.org.update({ where: { id: org.id }, data: { testedAt: new Date() } })
        return forgot > 0
      })
    } finally {
      end()
    }
    expect(forgot).toBeGreaterThan(0)
  })
})
