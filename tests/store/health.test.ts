import { expect, test } from 'vitest'
import { createLog } from '#lib/log.ts'
import { openQueue } from '#lib/queue/queue.ts'
import { readHealth } from '#lib/store/health.ts'
import { addUsage, startRun } from '#lib/store/runs.ts'
import { describeDatabases } from '#tests/database.ts'
import { day, listed, makeOrg } from './made.ts'

describeDatabases('health', database => {
  test('before anything was crawled there is a database and nothing else', async () => {
    expect(await readHealth(database.db)).toEqual({ jobs: [], repositories: [], lastCrawl: null, budget: {} })
  })

  test('tells how much work waits, how the last crawl stands and what is left of the limits', async () => {
    const org = await makeOrg(database.db, [listed(1, 'a'), listed(2, 'b')])
    const runId = await startRun(database.db, { orgId: org.id, kind: 'first', now: day(2) })
    const core = { limit: 5000, remaining: 4321, resetAt: '2026-01-02T01:00:00Z' }
    await addUsage(database.db, runId, { rest: 679, budget: { core } })
    const queue = await openQueue({ url: database.url, log: createLog('silent'), works: false })
    await queue.enqueue('discover-repositories', { orgId: org.id }, { key: '1' })
    await queue.stop()
    expect(await readHealth(database.db)).toMatchObject({
      jobs: [{ name: 'discover-repositories', waiting: 1, failed: 0 }],
      repositories: [{ outcome: 'waiting', count: 2 }],
      lastCrawl: { state: 'running', rest: 679 },
      budget: { core: { remaining: 4321 } },
    })
  })
})
