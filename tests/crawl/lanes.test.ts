/** What a crawl costs when a budget is small, and after a push to many: exact, against what GitHub would have charged. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { type GitHubOptions, startGitHub } from '#demo/github/server.ts'
import { makeSynthetic, pushSynthetic } from '#demo/github/synthetic.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { newestPush } from '#lib/crawl/listing.ts'
import { connect } from '#lib/github/client.ts'
import { memoryStore } from './memory-store.ts'
import { poll, settingsOf, sweep } from './whole-listing.ts'

const now = new Date('2026-11-01T00:00:00Z')

async function made(repos: number, options: Partial<GitHubOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'plumbline-lanes-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  await makeSynthetic(dir, { repos })
  const github = await startGitHub({ host: await openNamespaces(dir), ...options })
  onTestFinished(() => github.stop())
  const source = githubSource(connect({ apiUrl: github.apiUrl, token: 'any' }), 'synthetic')
  return { dir, github, source, store: memoryStore() }
}

const asText = (store: ReturnType<typeof memoryStore>) =>
  [...store.trees.values()].map(tree => JSON.stringify(tree)).sort()

test('where the REST budget is small most trees are read forty for a point, and are the same trees', async () => {
  const small = await made(400, { limits: { rest: 250, points: 250 } })
  const listed = (await sweep(small.source)).repositories
  const outcomes = await crawlRepositories(listed, { ...small, now })
  expect(outcomes.every(({ outcome }) => outcome === 'ok')).toBe(true)
  // Two hundred by REST, down to the fifth that is kept; the others by three queries a hundred. Four pages of the
  // listing, and nineteen queries for the blobs.
  expect(small.github.counters.byRoute).toMatchObject({
    'GET /repos/{owner}/{repo}/git/trees/{tree_sha}': 200,
    'graphql ReadFolders': 6,
    'graphql ListRepositories': 4,
  })
  expect(small.github.counters.rest).toBe(200)

  const large = await made(400)
  await crawlRepositories((await sweep(large.source)).repositories, { ...large, now })
  expect(large.github.counters.rest).toBe(400)
  expect(asText(small.store)).toEqual(asText(large.store))
})

test('a push to five hundred repositories costs less than sixty, and only what changed is asked for', async () => {
  const { dir, github, source, store } = await made(600)
  const before = (await sweep(source)).repositories
  await crawlRepositories(before, { source, store, now })
  await pushSynthetic(dir, { repos: 500 })
  github.counters.reset()
  const pushed = await poll(source, newestPush(before, null) ?? now)
  const outcomes = await crawlRepositories(pushed, { source, store, now })
  expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(500)
  // Six pages; for each hundred its roots, its .github folders and its workflows, and one query for the new blobs.
  expect([github.counters.rest, github.counters.points]).toEqual([0, 6 + 5 * 3 + 5])
  const tree = store.trees.get(pushed.find(({ name }) => name === 'repo-00000')?.treeOid ?? '')
  expect(tree?.entries.map(({ path }) => path)).toEqual([
    '.github/CODEOWNERS',
    '.github/dependabot.yml',
    '.github/workflows/ci.yml',
    '.github/workflows/lint.yml',
    '.github/workflows/release.yml',
    'Dockerfile',
    'README.md',
    'SECURITY.md',
    'docs/index.md',
    'package-lock.json',
    'package.json',
    'src/lib/answer.js',
    'src/main.js',
  ])
})

test('folders that a query leaves out are asked for again, and what cannot be told together by REST', async () => {
  const limited = (objectsOver: number, times: number) =>
    ({ on: { operation: 'ReadFolders', objectsOver }, times, fault: { kind: 'partial-data', keep: 5 } }) as const
  const { dir, github, source, store } = await made(40, { scenario: [limited(20, 1), limited(0, 2)] })
  const before = (await sweep(source)).repositories
  await crawlRepositories(before, { source, store, now })
  await pushSynthetic(dir, { repos: 40 })
  github.counters.reset()
  const outcomes = await crawlRepositories((await sweep(source)).repositories, { source, store, now })
  expect(outcomes.filter(({ outcome }) => outcome === 'ok')).toHaveLength(40)
  expect(github.counters.rest).toBe(0)
  expect(store.snapshots).toHaveLength(80)
})

test('where both budgets are used up trees and files come over git, a request each, and are the same', async () => {
  const small = await made(60, { limits: { rest: 25, points: 6 } })
  const listed = (await sweep(small.source)).repositories
  await settingsOf(small.source, listed)
  const outcomes = await crawlRepositories(listed, { ...small, now })
  expect(outcomes.every(({ outcome }) => outcome === 'ok')).toBe(true)
  const { rest, points, git } = small.github.counters
  // A page of settings and nineteen trees by REST, and what the points are enough for, down to what is kept; all the others over git.
  expect([rest, points <= 6, git > 0]).toEqual([20, true, true])

  const large = await made(60)
  await crawlRepositories((await sweep(large.source)).repositories, { ...large, now })
  const unsized = (store: ReturnType<typeof memoryStore>) =>
    asText(store).map(text => text.replaceAll(/"size":\d+/g, '"size":null'))
  expect(unsized(small.store)).toEqual(unsized(large.store))
  expect(small.store.blobs).toEqual(large.store.blobs)
}, 120_000)
