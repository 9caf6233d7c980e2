import { expect, test } from 'vitest'
import type { Budget } from '#lib/github/limiter.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { markListed, saveOrg } from '#lib/store/orgs.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { sweep } from '#tests/crawl/whole-listing.ts'
import { describeDatabases } from '#tests/database.ts'
import { bareRepository } from '#tests/demo/github/bare-repository.ts'
import { saveListing } from '#tests/store/made.ts'
import { listener } from '#workers/listen.ts'

const EVERY = 20_000

describeDatabases('listening for pushes', database => {
  /** An organisation that was listed and crawled, and listeners of several workers to it. */
  async function listening() {
    const { db } = database
    const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
    const { source, github } = await hosted(dir)
    const { id: orgId } = await saveOrg(db, { login: 'acme', apiUrl: 'http://api', webUrl: 'http://web', demo: false })
    let time = Date.parse('2026-06-01T00:00:00Z')
    const now = () => new Date(time)
    const { repositories: listed } = await sweep(source)
    await saveListing(db, { orgId, repositories: listed, complete: true, now: now() })
    for (const { id, headOid, treeOid } of listed)
      await db.repository.update({ where: { id }, data: { headOid, treeOid, outcome: 'ok', crawledAt: now() } })
    const pushedUntil = new Date('2026-05-01T00:00:00Z')
    await markListed(db, orgId, { sweptAt: now(), pushedUntil })
    github.counters.reset()
    let told: Budget | undefined
    const worker = () => {
      const queue = inlineQueue()
      const listen = listener({ db, queue, source, now, points: () => told }, orgId, EVERY)
      return { listen, asked: () => queue.unfinished('discover-repositories') }
    }
    return {
      dir,
      orgId,
      github,
      worker,
      pass: (milliseconds: number) => {
        time += milliseconds
      },
      tell: (remaining: number) => {
        told = { limit: 100, remaining, resetAt: '2026-06-01T01:00:00Z' }
      },
    }
  }

  test('costs a point where nothing was pushed, and one worker does it for all', async () => {
    const { github, worker, pass } = await listening()
    const [one, two] = [worker(), worker()]
    await one.listen()
    await two.listen()
    pass(EVERY)
    await two.listen()
    expect([github.counters.points, github.counters.rest]).toEqual([1, 0])
    pass(1)
    await two.listen()
    expect(github.counters.points).toBe(2)
    expect([await one.asked(), await two.asked()]).toEqual([0, 0])
  })

  test('has a push looked at once, also where it cannot be read', async () => {
    const { dir, worker, pass } = await listening()
    await bareRepository(dir, 'one', [{ date: '2026-05-01T00:01:00Z', files: { a: 'other' } }])
    const { listen, asked } = worker()
    await listen()
    expect(await asked()).toBe(1)
    const again = worker()
    for (let turn = 0; turn < 3; turn += 1) {
      pass(EVERY + 1)
      await listen()
    }
    expect(await asked()).toBe(1)
    await bareRepository(dir, 'two', [{ date: '2026-05-01T00:02:00Z', files: { a: 'third' } }])
    pass(EVERY + 1)
    await again.listen()
    expect(await again.asked()).toBe(1)
  })

  test('is left to those who need the points more, before the first listing, and while a crawl runs', async () => {
    const { orgId, github, worker, pass, tell } = await listening()
    const { db } = database
    const { listen } = worker()
    tell(50)
    await listen()
    tell(51)
    const run = await db.crawlRun.create({ data: { orgId, kind: 'poll', state: 'running', startedAt: new Date(0) } })
    await listen()
    await db.crawlRun.delete({ where: { id: run.id } })
    const { pushedUntil } = await db.org.findUniqueOrThrow({ where: { id: orgId } })
    await markListed(db, orgId, { pushedUntil: null })
    await listen()
    expect(github.counters.points).toBe(0)
    await markListed(db, orgId, { pushedUntil })
    pass(1)
    await listen()
    expect(github.counters.points).toBe(1)
  })
})
