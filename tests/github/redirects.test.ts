/** Whatever a host answers, the token goes nowhere else: tried on every way that something is asked of it. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type GitHub } from '#lib/github/client.ts'
import { missedDeliveries } from '#lib/github/deliveries.ts'
import { listRefs } from '#lib/github/git-refs.ts'
import { installationTokens } from '#lib/github/identity.ts'
import { refreshUserTokens } from '#lib/github/user-tokens.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const app = { id: '1', privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() }

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const WAYS: readonly (readonly [string, (github: GitHub, apiUrl: string) => Promise<unknown>])[] = [
  ['REST', github => github.get('/orgs/acme/repos')],
  ['a REST answer of raw bytes', github => github.get('/x', { accept: 'application/vnd.github.raw+json' })],
  ['a REST post', github => github.post('/orgs/acme/attestations/bulk-list', { subject_digests: [] })],
  ['GraphQL', github => github.graphql('query Q { rateLimit { cost } }', {})],
  ['git', github => listRefs(github, 'acme', 'one')],
  ['deliveries', (_, apiUrl) => missedDeliveries({ apiUrl, app })],
  ['an installation’s token', (_, apiUrl) => installationTokens({ apiUrl, app, org: 'acme' }).current()],
  [
    'a person’s token',
    (_, apiUrl) =>
      refreshUserTokens({
        apiUrl,
        clientId: 'client',
        clientSecret: 'planted-client-secret-of-the-tests',
        refreshToken: 'planted-refresh',
        now: new Date(0),
      }),
  ],
]

test.each(WAYS)('%s: no Authorization and no secret follows a redirect to another host', async (_, ask) => {
  const secrets: (string | undefined)[] = []
  const elsewhere = await serving((request, response) => {
    secrets.push(request.headers.authorization)
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      if (/planted/.test(body)) secrets.push(body)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  let asked = 0
  // Another port is another origin; another host name is one in any case.
  const host = await serving((request, response) => {
    asked += 1
    response.writeHead(307, { location: `${elsewhere.replace('127.0.0.1', 'localhost')}${request.url}` }).end()
  })
  const clock = { now: () => 0, sleep: () => Promise.resolve() }
  await ask(connect({ apiUrl: `${host}/api/v3`, token: 'secret', clock }), `${host}/api/v3`).catch(() => undefined)
  expect(asked).toBeGreaterThan(0)
  expect(secrets.filter(Boolean)).toEqual([])
})
