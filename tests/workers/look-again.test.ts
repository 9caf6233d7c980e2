/** What comes of a look that somebody asked for: through the real jobs, at the pretend GitHub, while a crawl goes on. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { type GitHubOptions, startGitHub } from '#demo/github/server.ts'
import { askForLook } from '#lib/auth/looks.ts'
import { seesOf, type Viewer } from '#lib/auth/permit.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { budgetKeeper } from '#lib/store/budget.ts'
import { openLooks, readLook } from '#lib/store/looks.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { bareRepository } from '#tests/demo/github/bare-repository.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

const CI = '.github/workflows/ci.yml'
const ada: Viewer = {
  id: 'ada',
  name: 'Ada',
  role: 'owner',
  sees: seesOf('owner', 'ada'),
  via: 'session',
  scopes: null,
  address: null,
}

describeDatabases('a look', database => {
  /** Two workers of one account, as far as the budget knows; `held` while the first waits for it. */
  async function stage(dir: string, options: Partial<GitHubOptions> = {}) {
    const { db } = database
    const github = await startGitHub({ host: await openGitHost(dir, 'acme'), ...options })
    onTestFinished(() => github.stop())
    const org = await saveOrg(db, { login: 'acme', apiUrl: 'http://api', webUrl: 'http://web', demo: false })
    const end = Promise.withResolvers<never>()
    const held = Promise.withResolvers<void>()
    const worker = (name: string) => {
      const sleep = (milliseconds: number) => {
        if (milliseconds < 60_000) return new Promise<void>(resolve => setTimeout(resolve, milliseconds))
        held.resolve()
        return end.promise
      }
      const keeper = budgetKeeper(db, { account: 'a', worker: name, now: () => new Date() })
      const client = connect({
        apiUrl: github.apiUrl,
        token: 'any',
        clock: { now: () => performance.now(), sleep },
        keeper,
      })
      const queue = inlineQueue()
      const source = githubSource(client, 'acme')
      const bookUsage = usageBook(db, client)
      const log = createLog('silent')
      const handlers = handlersOf({ db, queue, judges, source, now: () => new Date(), log, replay: false, bookUsage })
      return { queue, drain: () => queue.drain(handlers, new AbortController().signal) }
    }
    const [crawler, looker] = [worker('one'), worker('two')]
    return {
      github,
      org,
      held: held.promise,
      end: () => end.reject(new Error('The hour does not end.')),
      crawl: async () => {
        await crawler.queue.enqueue('discover-repositories', { orgId: org.id })
        await crawler.drain()
      },
      look: async (name: string) => {
        await askForLook(db, ada, { orgId: org.id, name }, new Date())
        for (const runId of await openLooks(db, org.id, new Date()))
          await looker.queue.enqueue('look-again', { orgId: org.id, runId })
        await looker.drain()
        return (await readLook(db, { orgId: org.id, sees: ada.sees }, name, new Date()))?.look
      },
    }
  }

  const told = (dir: string, settings: Record<string, unknown>) => {
    writeFileSync(
      join(dir, 'plumbline.json'),
      JSON.stringify({ org: 'acme', repositories: { one: { id: 1, settings } } }),
    )
    // The host looks at the folder again when its date changes.
    writeFileSync(join(dir, `told ${JSON.stringify(settings).length}`), '')
  }

  test('finds a commit, other settings, or that nothing changed, and costs ten requests', {
    timeout: 120_000,
  }, async () => {
    const { db } = database
    const dir = await repositories({ one: { [CI]: 'on: push\n' }, two: { a: '2' } })
    told(dir, { secretScanning: false, shaPinningRequired: false })
    const { github, crawl, look } = await stage(dir)
    await crawl()
    const before = await db.crawlRun.findFirstOrThrow({ orderBy: { id: 'desc' } })
    const known = await db.snapshot.count()
    const nothing = await look('one')
    expect(nothing).toMatchObject({ state: 'done', found: 'nothing', reason: null })
    expect(await db.snapshot.count()).toBe(known)

    told(dir, { secretScanning: true, shaPinningRequired: false })
    expect(await look('one')).toMatchObject({ state: 'done', found: 'settings', commit: nothing?.commit })
    const [head] = (
      await bareRepository(dir, 'one', [{ date: '2026-05-02T00:00:00Z', files: { [CI]: 'on: release\n' } }])
    ).slice(-1)
    github.counters.reset()
    expect(await look('one')).toMatchObject({ state: 'done', found: 'content', commit: head })
    const { rest, points } = github.counters
    expect(rest + points).toBeLessThanOrEqual(10)
    // What it cost stands on its own run, and the crawl's is as it was.
    const run = await db.crawlRun.findFirstOrThrow({ orderBy: { id: 'desc' } })
    expect(run).toMatchObject({ kind: 'look', state: 'done', total: 1, rest, points })
    expect(await db.crawlRun.findUniqueOrThrow({ where: { id: before.id } })).toEqual(before)
    const scan = await db.scan.findFirstOrThrow({ orderBy: { id: 'desc' }, include: { snapshot: true } })
    expect([scan.snapshot.headOid, scan.snapshot.settings]).toMatchObject([head, { secretScanning: true }])
  })

  test('that cannot be done says why, and leaves the crawl alone', { timeout: 120_000 }, async () => {
    const { db } = database
    const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
    const { crawl, org } = await stage(dir)
    await crawl()
    const { pushedUntil } = await db.org.findUniqueOrThrow({ where: { id: org.id } })
    const refusing = await stage(dir, { scenario: [{ on: { api: 'graphql' }, fault: { kind: 'ip-not-allowed' } }] })
    const refused = await refusing.look('one')
    expect(refused).toMatchObject({ state: 'failed', reason: expect.stringMatching(/IP allow list/) })
    expect(await db.org.findUniqueOrThrow({ where: { id: org.id } })).toMatchObject({ pushedUntil })
    const losing = await stage(dir, { scenario: [{ on: { repository: 'two' }, fault: { kind: 'gone' } }] })
    const lost = await losing.look('two')
    expect(lost).toMatchObject({ state: 'failed', reason: expect.stringMatching(/does not know it any more/) })
    // That it is gone takes two listings of everything.
    expect(await db.repository.count({ where: { goneAt: null } })).toBe(2)
  })

  test('has what is kept for it while a crawl of everything waits for the next hour', {
    timeout: 120_000,
  }, async () => {
    const { db } = database
    const names = Array.from({ length: 40 }, (_, index) => [`r${index}`, { [CI]: `on: push\n# ${index}\n` }])
    const dir = await repositories(Object.fromEntries(names))
    const { github, crawl, held, end, look } = await stage(dir, { limits: { rest: 50, points: 50 } })
    // Whoever else uses this token: of fifty points twelve are left, two more than are kept for people.
    for (let spent = 0; spent < 38; spent += 1) await viewer(github.apiUrl)
    const crawling = expect(crawl()).rejects.toThrow('The hour does not end.')
    await held
    const open = { where: { outcome: 'queued' } }
    expect([github.counters.points, await db.crawlOutcome.count(open)]).toEqual([40, 40])
    expect(await look('r7')).toMatchObject({ state: 'done', found: 'content', waitsUntil: null })
    expect(github.counters.points).toBeLessThanOrEqual(50)
    // The crawl has not gone on meanwhile, and knows nothing of the look.
    const runs = await db.crawlRun.findMany({ orderBy: { id: 'asc' }, select: { kind: true, state: true } })
    expect(runs).toEqual([
      { kind: 'first', state: 'running' },
      { kind: 'look', state: 'done' },
    ])
    const judged = await db.repository.findMany({ where: { latestScanId: { not: null } }, select: { name: true } })
    expect([await db.crawlOutcome.count(open), judged, github.counters.git]).toEqual([40, [{ name: 'r7' }], 0])
    end()
    await crawling
  })
})

async function viewer(apiUrl: string): Promise<void> {
  const answer = await fetch(apiUrl.replace('/v3', '/graphql'), {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { login } }' }),
  })
  expect(answer.status).toBe(200)
}
