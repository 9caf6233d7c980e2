/** What of a crawl's troubles the page of crawls tells, and that no trouble keeps a run from its end. */
import { afterAll, expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import type { MissedDelivery } from '#lib/github/deliveries.ts'
import { GitHubTrouble } from '#lib/github/trouble.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'

describeDatabases('troubles', database => {
  async function crawled(dir: string, scenario: Scenario, missed?: () => Promise<MissedDelivery[]>) {
    const { db } = database
    const { source, client, now, github } = await hosted(dir, scenario)
    // One address for both looks: each is at a pretend GitHub of its own.
    const org = await saveOrg(db, { login: 'acme', apiUrl: 'http://api', webUrl: 'http://web', demo: false })
    const queue = inlineQueue()
    const log = createLog('silent')
    const handlers = handlersOf({
      db,
      queue,
      judges,
      source,
      now,
      log,
      replay: false,
      bookUsage: usageBook(db, client),
      ...(missed && { missed }),
    })
    await queue.enqueue('discover-repositories', { orgId: org.id })
    await queue.drain(handlers, new AbortController().signal)
    const { runs, troubles } = await readCrawls(db, { orgId: org.id, sees: { all: true } })
    const rows = await db.repository.findMany({ select: { name: true, outcome: true, latestScanId: true } })
    const judged = rows.filter(({ latestScanId }) => latestScanId !== null).map(({ name }) => name)
    return { run: runs[0], troubles, judged: judged.sort(), asked: github.counters.byRoute }
  }

  test('of single repositories are told by name and reason, and the others are judged', {
    timeout: 120_000,
  }, async () => {
    const names = ['good', 'hidden', 'lost', 'taken', 'broken', 'cut'].map((name, index) => [
      name,
      { a: String(index) },
    ])
    const dir = await repositories(Object.fromEntries(names))
    const { run, troubles, judged } = await crawled(dir, [
      { on: { repository: 'lost' }, fault: { kind: 'gone' } },
      { on: { repository: 'taken' }, fault: { kind: 'blocked' } },
      { on: { repository: 'hidden', route: TREE }, fault: { kind: 'no-permission', needs: 'contents=read' } },
      { on: { repository: 'broken', route: TREE }, fault: { kind: 'connection-reset' } },
      { on: { repository: 'cut', route: TREE }, fault: { kind: 'truncated-tree' } },
      { on: { repository: 'cut', api: 'git' }, fault: { kind: 'server-error' } },
    ])
    expect(run).toMatchObject({ state: 'done', reason: null, total: 6, done: 6 })
    expect(
      Object.fromEntries(troubles.map(({ names, outcome, reason }) => [names.join(), `${outcome}: ${reason}`])),
    ).toEqual({
      lost: 'gone: It was listed, and a moment later it was gone or the token could not see it.',
      taken: 'blocked: GitHub has blocked access to the repository (dmca).',
      hidden: 'denied: The token may not read this. It needs contents: read.',
      broken: expect.stringMatching(/^failed: .* broke the connection each time that it was asked for this\.$/),
      cut: 'partial: GitHub does not list all files of this folder: it is too large.',
    })
    expect(judged).toEqual(['cut', 'good'])
  })

  test.each([
    [
      [{ on: { operation: 'ListRepositories' }, fault: { kind: 'server-error' } }],
      /failed to answer, several times over/,
    ],
    [
      [{ on: { operation: 'LookAtRepositories' }, fault: { kind: 'bad-gateway' } }],
      /more than .* answers in one request/,
    ],
    [[{ on: { route: TREE }, fault: { kind: 'unauthorized' } }], /rejects the token/],
    [[{ on: { api: 'graphql' }, from: 2, fault: { kind: 'ip-not-allowed' } }], /IP allow list/],
  ] as const)('that stop a run are its reason, and the next run makes good what it left', async (scenario, reason) => {
    const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
    const stopped = await crawled(dir, scenario)
    expect(stopped.run).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) })
    const next = await crawled(dir, [])
    expect([next.run?.state, next.troubles, next.judged]).toEqual(['done', [], ['one', 'two']])
  })

  test('of a webhook are made good: what it could not tell is looked at', { timeout: 120_000 }, async () => {
    const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
    await crawled(dir, [])
    const repository = await database.db.repository.findFirstOrThrow({ where: { name: 'one' } })
    const lost = { guid: 'lost', event: 'repository', repositoryId: repository.id }
    // Long ago, so that the poll itself does not see it.
    await database.db.org.updateMany({ data: { pushedUntil: new Date('2026-05-20T00:00:00Z') } })
    const poll = await crawled(dir, [], async () => [lost])
    expect([poll.run?.kind, poll.run?.state, poll.asked['graphql LookAtRepositories']]).toEqual(['poll', 'done', 1])
    const silent = await crawled(dir, [], () => Promise.reject(new GitHubTrouble('failed', 'It did not tell.')))
    expect([silent.run?.state, silent.asked['graphql LookAtRepositories']]).toEqual(['done', undefined])
  })
})
