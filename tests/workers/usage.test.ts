/** What a run costs is known while it runs, and it bears its cost however it ends. */
import { expect, test } from 'vitest'
import type { PretendGitHub } from '#demo/github/server.ts'
import type { Source } from '#lib/crawl/source.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { inlineWorkers } from './inline-worker.ts'

const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'

describeDatabases('what a run uses', database => {
  const worker = inlineWorkers()

  async function newestRun(orgId: number) {
    const { runs } = await readCrawls(database.db, { orgId, sees: { all: true } })
    return runs[0]
  }

  test('is told while its first repositories are read', { timeout: 60_000 }, async () => {
    const [held, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const through = (source: Source): Source => ({
      ...source,
      blobs: async function* (wanted) {
        held.resolve()
        await seen.promise
        yield* source.blobs(wanted)
      },
    })
    const dir = await repositories({ one: { 'package.json': '{}' }, two: { 'package.json': '[]' } })
    const { org, github, work } = await worker(database.db, dir, [], { through })
    const working = work('discover-repositories')
    await held.promise
    const before = spentAt(github)
    expect(before.rest + before.points).toBeGreaterThan(0)
    await expect
      .poll(() => newestRun(org.id), { timeout: 30_000 })
      .toMatchObject({ state: 'running', done: 0, ...before })
    seen.resolve()
    await working
    expect(await newestRun(org.id)).toMatchObject({ state: 'done', done: 2, ...spentAt(github) })
  })

  test('is borne by the run that failed, and not by the next', { timeout: 60_000 }, async () => {
    const dir = await repositories({ one: { a: '1' } })
    const { org, github, work } = await worker(database.db, dir, [
      { on: { route: TREE }, times: 1, fault: { kind: 'unauthorized' } },
    ])
    await work('discover-repositories')
    const first = spentAt(github)
    expect(first.rest).toBeGreaterThan(0)
    expect(await newestRun(org.id)).toMatchObject({ state: 'failed', ...first })
    github.counters.reset()
    await work('discover-repositories')
    expect(await newestRun(org.id)).toMatchObject({ state: 'done', ...spentAt(github) })
  })
})

function spentAt({ counters: { rest, points, git } }: PretendGitHub) {
  return { rest, points, git }
}
