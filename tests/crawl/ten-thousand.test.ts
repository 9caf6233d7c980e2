/** What 10,000 repositories cost, exactly, by what GitHub would have charged: the promises of the README are these numbers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { DOCUMENTED } from '#demo/github/secondary.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic, pushSynthetic } from '#demo/github/synthetic.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { newestPush } from '#lib/crawl/listing.ts'
import type { ListedRepository } from '#lib/crawl/source.ts'
import { connect } from '#lib/github/client.ts'
import { memoryStore } from './memory-store.ts'
import { skippingClock } from './skipping-clock.ts'
import { poll, settingsOf, sweep } from './whole-listing.ts'

const REPOSITORIES = 10_000
const now = new Date('2026-11-01T00:00:00Z')
let dir: string

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'plumbline-ten-thousand-'))
  await makeSynthetic(dir, { repos: REPOSITORIES })
}, 120_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function served(hourly: number) {
  const clock = skippingClock()
  const github = await startGitHub({
    host: await openNamespaces(dir, 'synthetic'),
    limits: { rest: hourly, points: hourly },
    // How long it computes is this machine's business; everything else is counted as GitHub does.
    secondary: { ...DOCUMENTED, seconds: Number.POSITIVE_INFINITY },
    now: () => new Date(now.getTime() + clock.now()),
  })
  onTestFinished(() => github.stop())
  const source = githubSource(connect({ apiUrl: github.apiUrl, token: 'any', clock }), 'synthetic')
  /** REST requests and points since it was last called. */
  const spent = () => {
    const { rest, points } = github.counters
    github.counters.reset()
    return { rest, points }
  }
  const list = async () => {
    const { repositories, complete } = await sweep(source)
    expect([repositories.length, complete]).toEqual([REPOSITORIES, true])
    await settingsOf(source, repositories)
    await source.teams()
    return repositories
  }
  const store = memoryStore()
  /** As the jobs do it: a hundred of them are looked at again, and crawled. */
  const crawl = async (repositories: readonly ListedRepository[]) => {
    for (let at = 0; at < repositories.length; at += 100) {
      const looked = await source.look(repositories.slice(at, at + 100).map(({ nodeId }) => nodeId))
      const outcomes = await crawlRepositories(looked, { source, store, now, releases: true })
      expect(outcomes.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    }
  }
  return { github, clock, source, list, crawl, spent }
}

test('a plain token takes in all of them within one hour, a poll is a point, and a sweep 201', async () => {
  const { source, list, crawl, spent } = await served(5_000)
  const repositories = await list()
  // A listing and its settings; one query finds that there are no teams.
  expect(spent()).toEqual({ rest: 100, points: 101 })
  await crawl(repositories)
  // Trees by REST down to the fifth that is kept for people; the other 6,100 by three queries a hundred; then the blobs.
  expect(spent()).toEqual({ rest: 3_900, points: 686 })

  const pushed = await poll(source, newestPush(repositories, null) ?? now)
  expect(pushed.length).toBeLessThan(100)
  expect(spent()).toEqual({ rest: 0, points: 1 })
}, 300_000)

test('an app takes them in by a tree each, and a push to five hundred costs less than sixty', async () => {
  const { github, clock, source, list, crawl, spent } = await served(12_500)
  const repositories = await list()
  spent()
  await crawl(repositories)
  expect(spent()).toEqual({ rest: 9_900, points: 506 })
  // Nine tenths of what one endpoint may be asked in a minute: the waits come to twelve minutes, and nothing is refused.
  expect([github.secondary.refused, Math.round(clock.now() / 60_000)]).toEqual([0, 12])

  await pushSynthetic(dir, { repos: 500 })
  const before = new Map(repositories.map(({ id, headOid }) => [id, headOid]))
  const pushed = await poll(source, newestPush(repositories, null) ?? now)
  await crawl(pushed.filter(({ id, headOid }) => headOid !== before.get(id)))
  // Six pages, five looks, for each hundred its roots, its .github folders and its workflows, and its new blobs.
  expect(spent()).toEqual({ rest: 0, points: 6 + 5 + 5 * 3 + 5 })
}, 300_000)
