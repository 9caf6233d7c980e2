/** A worker killed at any moment and started again loses nothing and doubles nothing; shown with real processes. */
import { expect, test } from 'vitest'
import type { Database } from '#lib/store/database.ts'
import { describeDatabases } from '../database.ts'
import { end, until, workersOf } from './worker-process.ts'

const REPOSITORIES = 30

describeDatabases('a worker that is killed', database => {
  const workers = workersOf(() => database.url)

  test('is no loss: every repository has one snapshot and one scan in the end', { timeout: 240_000 }, async () => {
    const { apiUrl } = await workers.serve(REPOSITORIES)
    // Killed while listing, while blobs come in, with half of the snapshots taken, and while scanning.
    const moments: ((db: Database) => Promise<boolean>)[] = [
      async db => (await db.crawlRun.count()) > 0,
      async db => (await db.blob.count()) > 0,
      async db => (await db.snapshot.count()) >= REPOSITORIES / 2,
      async db => (await db.scan.count()) >= REPOSITORIES / 2,
    ]
    for (const reached of moments) {
      const worker = workers.start(apiUrl)
      await until(() => reached(database.db))
      await end(worker, 'SIGKILL')
    }
    const worker = workers.start(apiUrl)
    await until(async () => (await database.db.scan.count()) >= REPOSITORIES)
    await until(async () => (await database.db.crawlRun.count({ where: { state: 'running' } })) === 0)
    await until(async () => (await unfinished(database.db)) === 0)
    expect(await end(worker, 'SIGTERM')).toBe(0)

    const repositories = await database.db.repository.findMany({
      select: { outcome: true, snapshots: { select: { headOid: true, settings: true, _count: true } } },
    })
    expect(repositories).toHaveLength(REPOSITORIES)
    for (const { outcome, snapshots } of repositories) {
      expect(outcome).toBe('ok')
      expect(snapshots.map(({ _count }) => _count.scans)).toEqual(snapshots.map(() => 1))
      // Another one only where settings came after the first: what the organisation tells of it, and what only itself tells.
      const distinct = new Set(snapshots.map(({ headOid, settings }) => JSON.stringify([headOid, settings])))
      expect([distinct.size, snapshots.length <= 3]).toEqual([snapshots.length, true])
    }
    const open = await database.db.finding.groupBy({ by: ['repositoryId', 'fingerprint'], _count: { _all: true } })
    expect(open.length).toBeGreaterThan(0)
    expect(open.filter(group => group._count._all > 1)).toEqual([])
    const told = await database.db.scan.aggregate({
      where: { latestOf: { isNot: null } },
      _sum: { openFindings: true },
    })
    expect(open.length).toBe(told._sum.openFindings)
  })

  test('that is asked to stop ends in order and leaves nothing half done', { timeout: 60_000 }, async () => {
    const { apiUrl } = await workers.serve(REPOSITORIES)
    const worker = workers.start(apiUrl)
    await until(async () => (await database.db.snapshot.count()) > 0)
    expect(await end(worker, 'SIGTERM')).toBe(0)
    const active = await database.db.$queryRaw<{ jobs: number }[]>`
      SELECT count(*)::int AS jobs FROM pgboss.job WHERE state = 'active'`
    expect(active).toEqual([{ jobs: 0 }])
  })
})

async function unfinished(db: Database): Promise<number> {
  const [row] = await db.$queryRaw<{ jobs: number }[]>`
    SELECT count(*)::int AS jobs FROM pgboss.job WHERE state < 'completed'`
  return row?.jobs ?? 0
}
