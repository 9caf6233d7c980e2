/** A push shows within a minute of its webhook, however long the worker rests between two looks. */
import { expect, test } from 'vitest'
import { pushSynthetic } from '#demo/github/synthetic.ts'
import { saveDelivery } from '#lib/store/hints.ts'
import { describeDatabases } from '../database.ts'
import { PLANTED } from '../planted.ts'
import { until, workersOf } from './worker-process.ts'

const REPOSITORIES = 5
const SECONDS = 60

describeDatabases('a push', database => {
  const workers = workersOf(() => database.url)

  test('is judged within a minute of its webhook', { timeout: 120_000 }, async () => {
    const { db } = database
    const { apiUrl, dir } = await workers.serve(REPOSITORIES)
    workers.start(apiUrl, { PLUMBLINE_CRAWL_MINUTES: '10080', GITHUB_WEBHOOK_SECRET: PLANTED.webhook })
    await until(async () => (await db.scan.count()) === REPOSITORIES)
    await until(async () => (await db.crawlRun.count({ where: { state: 'running' } })) === 0)

    await pushSynthetic(dir, { repos: 1 })
    const pushed = await db.repository.findFirstOrThrow({ where: { name: 'repo-00000' } })
    const delivery = { event: 'push', org: 'acme', repository: pushed.nodeId }
    const sent = performance.now()
    // The same push told twice, and one about a repository that is nowhere: all of it is harmless.
    for (const id of ['1', '2']) await saveDelivery(db, { ...delivery, id }, new Date())
    await saveDelivery(db, { ...delivery, id: '3', repository: 'R_nowhere' }, new Date())
    const judged = async () => {
      const select = { headOid: true, latestScan: { select: { snapshot: { select: { headOid: true } } } } }
      const { headOid, latestScan } = await db.repository.findUniqueOrThrow({ where: { id: pushed.id }, select })
      return headOid !== pushed.headOid && latestScan?.snapshot.headOid === headOid
    }
    await until(judged)
    expect((performance.now() - sent) / 1000).toBeLessThan(SECONDS)
    await until(async () => (await db.repositoryHint.count()) === 0)
    const ofHead = await db.snapshot.groupBy({ by: ['repositoryId', 'headOid', 'treeOid', 'takenAt'], _count: true })
    expect(ofHead.filter(({ _count }) => _count > 1)).toEqual([])
  })

  test('is judged within a minute where no webhook tells of it', { timeout: 120_000 }, async () => {
    const { db } = database
    const { apiUrl, dir } = await workers.serve(REPOSITORIES)
    workers.start(apiUrl, { PLUMBLINE_CRAWL_MINUTES: '10080' })
    await until(async () => (await db.scan.count()) === REPOSITORIES)
    await until(async () => (await db.crawlRun.count({ where: { state: 'running' } })) === 0)
    const before = await db.repository.findFirstOrThrow({ where: { name: 'repo-00000' } })
    await pushSynthetic(dir, { repos: 1 })
    const sent = performance.now()
    await until(async () => {
      const where = { repositoryId: before.id, snapshot: { headOid: { not: before.headOid ?? '' } } }
      return (await db.scan.count({ where })) > 0
    })
    expect((performance.now() - sent) / 1000).toBeLessThan(SECONDS)
  })
})
