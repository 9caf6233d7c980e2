import { expect, test } from 'vitest'
import { inLane } from '#lib/github/lane.ts'
import { type Keeper, Limiter } from '#lib/github/limiter.ts'
import { budgetKeeper, decide } from '#lib/store/budget.ts'
import { describeDatabases } from '#tests/database.ts'
import { day } from './made.ts'

const HOUR = 3_600_000
const untold = { limit: null, remaining: null, resetAt: null, pausedUntil: null, heldBy: null, heldUntil: null }
const ask = { resource: 'core', wanted: 25, kept: 0.2, told: null } as const
const at = (milliseconds: number) => new Date(day(1).getTime() + milliseconds)

test('of a budget a part is kept, and a new hour has all of it again', () => {
  const told = { limit: 100, remaining: 40, resetIn: HOUR }
  const first = decide(untold, { ...ask, told }, 'one', at(0))
  expect(first).toMatchObject({ granted: 20, remaining: 20, resetAt: at(HOUR) })
  const row = { ...untold, ...first }
  expect(decide(row, ask, 'two', at(1))).toMatchObject({ granted: 0, wait: HOUR - 1 + 1_000 })
  // Somebody waits: for them it was kept.
  expect(decide(row, { ...ask, kept: 0 }, 'two', at(1))).toMatchObject({ granted: 20, remaining: 0 })
  expect(decide(row, ask, 'two', at(HOUR))).toMatchObject({ granted: 25, remaining: 75, resetAt: null })
})

test('what the host tells counts where it is less, and never gives back what others have taken', () => {
  const row = { ...untold, limit: 5_000, remaining: 3_000, resetAt: at(HOUR) }
  const more = { limit: 5_000, remaining: 4_000, resetIn: HOUR - 2_000 }
  expect(decide(row, { ...ask, told: more }, 'one', at(0)).remaining).toBe(3_000 - 25)
  const less = { limit: 5_000, remaining: 2_000, resetIn: HOUR }
  expect(decide(row, { ...ask, told: less }, 'one', at(0)).remaining).toBe(2_000 - 25)
})

test('a host without limits grants everything, and a pause holds up everybody', () => {
  expect(decide(untold, ask, 'one', at(0))).toMatchObject({ granted: 25, remaining: null })
  const paused = { ...untold, pausedUntil: at(5_000) }
  expect(decide(paused, ask, 'one', at(0))).toMatchObject({ granted: 0, wait: 5_000 })
})

describeDatabases('a budget that workers share', database => {
  const keeper = (worker: string, now = () => day(1)) => budgetKeeper(database.db, { account: 'a', worker, now })
  const limiterOf = (shared: Keeper) => {
    const sleep = () => new Promise<void>(resolve => setImmediate(resolve))
    return new Limiter({ now: () => 0, sleep }, () => undefined, shared)
  }

  test('is never overdrawn, however many take from it at once', async () => {
    const workers = ['one', 'two', 'three'].map(name => keeper(name))
    await workers[0]?.ask({ ...ask, wanted: 0, told: { limit: 1_000, remaining: 1_000, resetIn: HOUR } })
    const grants = await Promise.all(Array.from({ length: 60 }, (_, index) => workers[index % 3]?.ask(ask)))
    expect(grants.reduce((sum, grant) => sum + (grant?.granted ?? 0), 0)).toBe(800)
    expect(grants.at(-1)?.workers).toBe(3)
    const row = await database.db.budget.findFirstOrThrow({ where: { resource: 'core' } })
    expect(row.remaining).toBe(200)
  })

  test('lets GraphQL queries of all workers go one by one, and is not held by one that was killed', async () => {
    let under = 0
    let most = 0
    const query = async () => {
      under += 1
      most = Math.max(most, under)
      await new Promise<void>(resolve => setImmediate(resolve))
      under -= 1
    }
    const limiters = ['one', 'two'].map(name => limiterOf(keeper(name)))
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => limiters[index % 2]?.run('graphql', 'POST graphql', query)),
    )
    expect(most).toBe(1)
    const held = { ...ask, resource: 'graphql', wanted: 1 } as const
    expect(await keeper('killed').ask(held)).toMatchObject({ granted: 1 })
    expect(await keeper('one').ask(held)).toMatchObject({ granted: 0, reason: 'another worker asks' })
    const later = new Date(day(1).getTime() + 100_000)
    expect(await keeper('one', () => later).ask(held)).toMatchObject({ granted: 1 })
  })

  test('is paused for all by what one was told, and slow work waits where urgent work goes on', async () => {
    await keeper('one').pause('all', 30_000)
    expect(await keeper('two').ask(ask)).toMatchObject({ granted: 0, wait: 30_000 })
    await database.db.budget.deleteMany()
    const told = { limit: 100, remaining: 45, resetIn: HOUR }
    await keeper('one').ask({ ...ask, wanted: 0, told })
    const asked: number[] = []
    const watching: Keeper = {
      ...keeper('one'),
      ask: async one => {
        asked.push(one.kept)
        return keeper('one').ask(one)
      },
    }
    const done: string[] = []
    const limiter = limiterOf(watching)
    let slowMayGo = false
    const slow = inLane('slow', () => limiter.run('core', 'GET x', async () => void done.push('slow'))).then(
      () => slowMayGo,
    )
    await inLane('dirty', () => limiter.run('core', 'GET x', async () => void done.push('dirty')))
    expect(done).toEqual(['dirty'])
    slowMayGo = true
    await keeper('one').ask({ ...ask, wanted: 0, told: { limit: 100, remaining: 100, resetIn: 2 * HOUR } })
    expect(await slow).toBe(true)
    expect(asked).toContain(0.5)
  })
})
