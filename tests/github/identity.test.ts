import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { InstalledApp } from '#demo/github/app.ts'
import { openGitHost } from '#demo/github/git-host.ts'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { missedDeliveries } from '#lib/github/deliveries.ts'
import { installationTokens } from '#lib/github/identity.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { sweep } from '#tests/crawl/whole-listing.ts'
import { temporaryFolder } from '#tests/demo/github/bare-repository.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEY = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

async function installed(app: InstalledApp, { org = 'acme', key = KEY, many = 0 } = {}) {
  const github = await startGitHub({ host: many > 0 ? await manyRepositories(many) : await threeRepositories(), app })
  onTestFinished(() => github.stop())
  const tokens = installationTokens({ apiUrl: github.apiUrl, app: { id: '1', privateKey: key }, org })
  const client = connect({ apiUrl: github.apiUrl, token: tokens })
  return { github, client, source: githubSource(client, 'acme') }
}

async function threeRepositories() {
  const dir = await repositories({ one: { 'a.txt': 'a' }, two: { 'b.txt': 'b' }, three: { 'c.txt': 'c' } })
  return openGitHost(dir, 'acme')
}

async function manyRepositories(repos: number) {
  const dir = join(temporaryFolder(), 'all.git')
  await makeSynthetic(dir, { repos })
  return openNamespaces(dir, 'acme')
}

test("an app reads an organisation with its installation's token", async () => {
  const { source } = await installed({})
  expect((await sweep(source)).repositories.map(({ name }) => name)).toEqual(['one', 'three', 'two'])
})

test('a token that ends in the middle of a crawl is renewed, and the request that met its end is made again', async () => {
  const { source, github } = await installed({ tokenRequests: 2 })
  const { repositories: listed } = await sweep(source)
  const trees = await Promise.all(listed.map(one => source.tree(one, one.treeOid ?? '')))
  expect(trees.map(({ entries }) => entries.map(({ path }) => path))).toEqual([['a.txt'], ['c.txt'], ['b.txt']])
  expect(github.counters.byRoute).toMatchObject({ 'graphql ListRepositories': 1 })
})

test('a token that ends between two pages of a listing is renewed, and the listing goes on where it stopped', async () => {
  const { source, github } = await installed({ tokenRequests: 1 }, { many: 230 })
  const { repositories: listed, complete } = await sweep(source)
  expect([new Set(listed.map(({ id }) => id)).size, complete]).toEqual([230, true])
  // Each page was answered once, and no page was begun again from the first.
  expect(github.counters.byRoute['graphql ListRepositories']).toBe(3)
})

test('an app that is not installed, or whose key is none, is told in a sentence', async () => {
  const elsewhere = await installed({}, { org: 'others' })
  await expect(sweep(elsewhere.source)).rejects.toMatchObject({
    code: 'org-not-found',
    message: 'The GitHub App is not installed at others.',
  })
  const broken = await installed({}, { key: 'not a key' })
  await expect(sweep(broken.source)).rejects.toMatchObject({ code: 'invalid-configuration' })
})

test('an app is told which deliveries of its webhook failed; those that came, or are about no repository, are none', async () => {
  const failed = { guid: 'a', event: 'repository', status_code: 502, repository_id: 7 }
  const deliveries = [
    failed,
    { ...failed, guid: 'b', status_code: 202 },
    { ...failed, guid: 'c', repository_id: null },
    { ...failed, guid: 'd', status_code: 0 },
  ]
  const { github } = await installed({ deliveries })
  const app = { id: '1', privateKey: KEY }
  expect(await missedDeliveries({ apiUrl: github.apiUrl, app })).toEqual([
    { guid: 'a', event: 'repository', repositoryId: 7n },
    { guid: 'd', event: 'repository', repositoryId: 7n },
  ])
  await expect(missedDeliveries({ apiUrl: github.apiUrl, app: { ...app, privateKey: 'none' } })).rejects.toThrow(
    /did not tell which deliveries were missed/,
  )
})
