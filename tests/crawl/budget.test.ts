import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { type PretendGitHub, startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { newestPush } from '#lib/crawl/listing.ts'
import { wholeSettings } from '#lib/crawl/settings.ts'
import { connect } from '#lib/github/client.ts'
import { memoryStore } from './memory-store.ts'
import { skippingClock } from './skipping-clock.ts'
import { poll, settingsOf, sweep } from './whole-listing.ts'

const REPOSITORIES = 1_000
const now = new Date('2026-11-01T00:00:00Z')
let dir: string
let github: PretendGitHub

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'plumbline-budget-'))
  await makeSynthetic(dir, { repos: REPOSITORIES })
  const settings = { secretScanning: true, shaPinningRequired: true, protectedEnvironments: ['production'] }
  const host = await openNamespaces(dir, 'synthetic', { facts: { settings }, policy: { shaPinningRequired: false } })
  github = await startGitHub({ host })
}, 60_000)
afterAll(async () => {
  await github.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('a first crawl of 1,000 repositories, a poll and a sweep without changes stay in budget', async () => {
  const client = connect({ apiUrl: github.apiUrl, token: 'any', clock: skippingClock() })
  const source = githubSource(client, 'synthetic')
  const store = memoryStore()
  const listing = await sweep(source)
  expect(listing).toMatchObject({ complete: true, reason: null })
  expect(listing.repositories).toHaveLength(REPOSITORIES)

  // Ten pages of the listing, which tells what guards branches; then ten pages of settings, and one point for the teams.
  expect([github.counters.rest, github.counters.points]).toEqual([0, 10])
  const { settings: told } = await settingsOf(source, listing.repositories)
  expect(await source.teams()).toEqual(new Map())
  expect([github.counters.rest, github.counters.points]).toEqual([10, 11])

  const settings = new Map([...told].map(([id, one]) => [id, wholeSettings(one)]))
  const outcomes = await crawlRepositories(listing.repositories, { source, store, now, settings: async () => settings })
  expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(REPOSITORIES)
  expect(store.snapshots).toHaveLength(REPOSITORIES)
  // A tree each, and 42 queries for 4,145 distinct blobs.
  expect([github.counters.rest, github.counters.points]).toEqual([1_010, 53])
  expect(client.spent).toEqual({ rest: github.counters.rest, points: github.counters.points, git: 0 })

  github.counters.reset()
  const watermark = newestPush(listing.repositories, null)
  const pushed = await poll(source, watermark ?? now)
  const again = await crawlRepositories(pushed, { source, store, now })
  expect(again.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
  expect([github.counters.rest, github.counters.points]).toEqual([0, 1])

  github.counters.reset()
  await crawlRepositories((await sweep(source)).repositories, { source, store, now })
  expect([github.counters.rest, github.counters.points]).toEqual([0, 10])

  github.counters.reset()
  const asked = listing.repositories
    .slice(0, 500)
    .map(({ id, name }) => ({ id, name, environments: Number(id) % 2 === 0 }))
  // What only repositories tell: one request for the organisation, one for each, and one for each with environments.
  expect((await source.ownSettings(asked)).size).toBe(500)
  expect([github.counters.rest, github.counters.points]).toEqual([751, 0])
}, 120_000)
