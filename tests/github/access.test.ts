import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { checkAccess } from '#lib/github/access.ts'
import { connect } from '#lib/github/client.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'

const TOKEN = 'ghp_averysecrettoken0123456789'
const noWait = { now: () => 0, sleep: async () => undefined }

async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`It was not refused: ${error}`)
  expect(sentenceOf(error)).not.toContain(TOKEN)
  expect(error.message).toMatch(/\.$/)
  expect(error.hint).toMatch(/\S/)
  return error
}

async function refusedBy(scenario: Scenario, org = 'acme'): Promise<AppError> {
  const { client } = await hosted(await repositories({ one: { a: '1' } }), scenario)
  return refusal(checkAccess(client, org))
}

/** Something that is not GitHub and answers everything with this. */
async function answering(status: number, type: string, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, { 'content-type': type }).end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an organisation that can be crawled, by the name that GitHub gives it, for one point', async () => {
  const { client, github } = await hosted(await repositories({ one: { a: '1' }, two: { a: '2' } }))
  expect(await checkAccess(client, 'ACME')).toEqual({ login: 'acme', repositories: 2 })
  expect([github.counters.points, github.counters.rest]).toEqual([1, 0])
})

test('no such organisation', async () => {
  const error = await refusedBy([], 'acmee')
  expect(error.code).toBe('org-not-found')
  expect(error.message).toContain('acmee')
})

test.each([
  ['unauthorized', 'token-rejected', /new token/],
  ['sso-required', 'token-needs-sso', /https?:\/\/\S+/],
  ['ip-not-allowed', 'token-forbidden', /owner/],
  ['no-permission', 'token-forbidden', /Give it/],
  ['connection-reset', 'github-unreachable', /network/],
  ['invalid-json', 'not-github', /GITHUB_API_URL/],
] as const)('%s is refused as %s, with what to do', async (kind, code, hint) => {
  const error = await refusedBy([{ fault: { kind } }])
  expect(error.code).toBe(code)
  expect(error.hint).toMatch(hint)
})

test('nobody listens', async () => {
  const client = connect({ apiUrl: 'http://127.0.0.1:9', token: TOKEN, clock: noWait })
  const error = await refusal(checkAccess(client, 'acme'))
  expect(error.code).toBe('github-unreachable')
  expect(error.message).toContain('127.0.0.1:9')
})

test.each([
  [200, 'text/html', '<h1>Welcome</h1>'],
  [404, 'text/html', '<h1>Not here</h1>'],
  [405, 'text/plain', 'Method not allowed'],
  [404, 'application/json', '{"error":"no such route"}'],
  [200, 'application/json', '{"ok":true}'],
] as const)('what answers %s %s is not GitHub', async (status, type, body) => {
  const apiUrl = await answering(status, type, body)
  const error = await refusal(checkAccess(connect({ apiUrl, token: TOKEN, clock: noWait }), 'acme'))
  expect(error.code).toBe('not-github')
})

test('an address that is none', () => {
  expect(() => connect({ apiUrl: 'api.github.com', token: TOKEN })).toThrow(AppError)
})
