import { afterEach, expect, test } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { createLog } from '#lib/log.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { openQueue, type Queue } from '#lib/queue/queue.ts'
import { describeDatabases } from '../database.ts'

describeDatabases('the queue', database => {
  const open: Queue[] = []
  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.stop()
  })

  async function start(): Promise<Queue> {
    const queue = await openQueue({ url: database.url, log: createLog('silent'), works: true, pollingSeconds: 0.5 })
    open.push(queue)
    return queue
  }

  /** Runs scan jobs until there were `count` of them, and returns their payloads in order of snapshot. */
  function collect(queue: Queue, count: number, fail?: (snapshotId: number) => boolean): Promise<number[]> {
    const seen: number[] = []
    return new Promise(resolve => {
      void queue.work(
        'scan-snapshots',
        async ({ snapshotIds: [snapshotId = 0] }) => {
          seen.push(snapshotId)
          if (seen.length === count) resolve(seen.sort((a, b) => a - b))
          if (fail?.(snapshotId) === true) throw new Error('not today')
        },
        2,
      )
    })
  }

  test('every job runs once, in whatever process it was asked for', async () => {
    const asking = await start()
    const working = await start()
    for (let snapshotId = 1; snapshotId <= 25; snapshotId++)
      await asking.enqueue('scan-snapshots', { snapshotIds: [snapshotId] })
    expect(await collect(working, 25)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
    await working.stop()
    expect(await asking.unfinished()).toBe(0)
  })

  test('a second job of the same key is not taken while the first waits', async () => {
    const queue = await start()
    expect(await queue.enqueue('discover-repositories', { orgId: 1 }, { key: '1' })).toBe(true)
    expect(await queue.enqueue('discover-repositories', { orgId: 1 }, { key: '1' })).toBe(false)
    expect(await queue.enqueue('discover-repositories', { orgId: 2 }, { key: '2' })).toBe(true)
    expect(await queue.unfinished()).toBe(2)
  })

  test('a job for which somebody waits goes before those that wait already', async () => {
    const queue = await start()
    for (const snapshotId of [1, 2, 3]) await queue.enqueue('scan-snapshots', { snapshotIds: [snapshotId] })
    await queue.enqueue('scan-snapshots', { snapshotIds: [9] }, { urgent: true })
    const [first] = await new Promise<number[]>(resolve => {
      void queue.work('scan-snapshots', async ({ snapshotIds }) => resolve(snapshotIds), 1)
    })
    expect(first).toBe(9)
  })

  test('a job asked for in a transaction is there only if that commits', async () => {
    const queue = await start()
    const refused = database.db.$transaction(async transaction => {
      await queue.enqueue('scan-snapshots', { snapshotIds: [1] }, { transaction })
      throw new Error('rolled back')
    })
    await expect(refused).rejects.toThrow('rolled back')
    expect(await queue.unfinished()).toBe(0)
    await database.db.$transaction(async transaction => {
      await queue.enqueue('scan-snapshots', { snapshotIds: [2] }, { transaction })
    })
    expect(await queue.unfinished()).toBe(1)
  })

  test('a job that throws runs again', async () => {
    const queue = await start()
    await queue.enqueue('scan-snapshots', { snapshotIds: [7] })
    let failed = false
    const failOnce = () => {
      const first = !failed
      failed = true
      return first
    }
    expect(await collect(queue, 2, failOnce)).toEqual([7, 7])
  })

  test('a payload that does not fit its job is refused before it is stored', async () => {
    const queue = await start()
    const wrong = { snapshotIds: ['seven'] } as unknown as JobPayload<'scan-snapshots'>
    await expect(queue.enqueue('scan-snapshots', wrong)).rejects.toThrow(AppError)
    expect(await queue.unfinished()).toBe(0)
  })
})
