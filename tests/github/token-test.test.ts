import { generateKeyPairSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import type { Scenario } from '#demo/github/scenario.ts'
import { startGitHub } from '#demo/github/server.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import type { Source } from '#lib/crawl/source.ts'
import { connect } from '#lib/github/client.ts'
import { installationTokens } from '#lib/github/identity.ts'
import { momentOf } from '#lib/github/token-test.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { acme } from '#tests/demo/github/acme.ts'
import { PLANTED } from '#tests/planted.ts'

const ENDS = '2026-12-31 09:00:00 UTC'
const BULK = 'POST /orgs/{org}/attestations/bulk-list'

const states = (source: Source) => Object.fromEntries(source.capabilities().map(({ name, state }) => [name, state]))

test('a classic token: who it is, its scopes, its end, its budget, and every capability tried', async () => {
  const { dir } = await acme()
  const { source, github } = await hosted(dir, [], { token: PLANTED.classic, tokenEnds: ENDS })
  expect(await source.test()).toEqual({
    kind: 'classic',
    login: 'plumbline-reader',
    scopes: ['read:org', 'repo'],
    expiresAt: '2026-12-31T09:00:00.000Z',
    budget: { core: expect.objectContaining({ limit: 5000 }), graphql: expect.objectContaining({ limit: 5000 }) },
    repositories: expect.any(Number),
    refused: null,
  })
  expect(states(source)).toEqual({
    Repositories: 'ok',
    Contents: 'ok',
    'Security settings': 'ok',
    'Branch protection': 'ok',
    'Actions policy of the organisation': 'ok',
    'Actions policy of repositories': 'ok',
    Environments: 'ok',
    Teams: 'ok',
    Attestations: 'ok',
  })
  // The price does not grow with the organisation: of its repositories three are tried at most.
  expect(github.counters.rest).toBeLessThanOrEqual(12)
  expect(github.counters.points).toBeLessThanOrEqual(5)
})

test('a fine-grained token with contents and metadata alone: what it may not is denied, each with what it needs', async () => {
  const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
  const token = PLANTED.fineGrained
  const refused = (route: string, needs: string) =>
    ({ on: { route }, fault: { kind: 'no-permission', needs } }) as const
  const { source } = await hosted(dir, [refused(BULK, 'attestations=read')], { token })
  expect(await source.test()).toMatchObject({ kind: 'fine-grained', scopes: null, expiresAt: null, repositories: 2 })
  expect(states(source)).toMatchObject({
    Contents: 'ok',
    'Security settings': 'denied',
    'Branch protection': 'denied',
    'Actions policy of the organisation': 'denied',
    'Actions policy of repositories': 'denied',
    Environments: 'denied',
    Attestations: 'denied',
  })
  expect(source.capabilities().every(({ state, reason }) => state !== 'denied' || /needs/.test(reason ?? ''))).toBe(
    true,
  )
})

test('the installation of an app: its name, and tokens that renew themselves', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const { dir } = await acme()
  const github = await startGitHub({ host: await openGitHost(dir, 'acme'), app: { tokenRequests: 4 } })
  onTestFinished(() => github.stop())
  const token = installationTokens({ apiUrl: github.apiUrl, app: { id: '1', privateKey: key }, org: 'acme' })
  const source = githubSource(connect({ apiUrl: github.apiUrl, token }), 'acme')
  expect(await source.test()).toMatchObject({ kind: 'app', scopes: null, expiresAt: null, refused: null })
  expect(states(source)).toMatchObject({ Contents: 'ok', Environments: 'ok', Teams: 'ok' })
})

test('an older server without limits, whose token says nothing of its kind', async () => {
  const { dir } = await acme()
  const missing = ['GET /rate_limit', 'ReleaseAsset.digest', BULK]
  const { source } = await hosted(dir, [], { limits: null, missing, token: 'a'.repeat(40) })
  expect(await source.test()).toMatchObject({ kind: 'unknown', budget: null, expiresAt: null, refused: null })
  expect(states(source)).toMatchObject({ Contents: 'ok', Attestations: 'absent' })
})

test('an organisation of which it sees nothing', async () => {
  const { source } = await hosted(await repositories({}))
  expect(await source.test()).toMatchObject({ repositories: 0, refused: null })
  expect(source.capabilities()).toEqual([
    { name: 'Repositories', state: 'denied', reason: 'The token sees no repository of acme.' },
  ])
})

test.each([
  ['unauthorized', /rejects the token/, /new token/],
  ['sso-required', /single sign-on/, /https?:\/\//],
  ['ip-not-allowed', /IP allow list/, /owner/],
  ['server-error', /failed to answer/, /later/],
] as const)('%s is told, with what to do', async (kind, message, hint) => {
  const scenario: Scenario = [{ on: { operation: 'CheckAccess' }, fault: { kind } }]
  const { source } = await hosted(await repositories({ one: { a: '1' } }), scenario)
  const { refused, login } = await source.test()
  expect(login).toBe('plumbline-reader')
  expect(refused).toEqual({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) })
  expect(JSON.stringify(refused)).not.toContain('secret-token')
})

test('what was refused is asked again by a test, once the right was given', async () => {
  const { dir } = await acme()
  const needs = { kind: 'no-permission', needs: 'attestations=read' } as const
  const { source } = await hosted(dir, [{ on: { route: BULK }, times: 1, fault: needs }])
  await source.test()
  expect(states(source).Attestations).toBe('denied')
  await source.test()
  expect(states(source).Attestations).toBe('ok')
})

test.each([
  ['2026-12-31 09:00:00 UTC', '2026-12-31T09:00:00.000Z'],
  ['2026-12-31 09:00:00 +0200', '2026-12-31T07:00:00.000Z'],
  ['next week', null],
  [undefined, null],
])('a token ends %s', (text, moment) => {
  expect(momentOf(text)).toBe(moment)
})
