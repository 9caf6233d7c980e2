import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { addressesOf } from '#lib/github/addresses.ts'
import { connect } from '#lib/github/client.ts'
import { lookAtRepositories } from '#lib/github/repositories.ts'
import { nextPage } from '#lib/github/settings.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { sweep } from '#tests/crawl/whole-listing.ts'

const QUERY = 'query Q { rateLimit { cost } }'
const PATH = '/orgs/acme/repos'

async function meeting(scenario: Scenario) {
  return hosted(await repositories({ one: { a: '1' } }), scenario)
}

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each(['RATE_LIMIT', 'RATE_LIMITED'] as const)(
  'a used-up budget (%s) is waited for by the clock of GitHub',
  async type => {
    const { client, waited } = await meeting([
      { on: { api: 'graphql' }, times: 1, fault: { kind: 'primary-limit', resetAfter: 300, type } },
    ])
    await client.graphql(QUERY, {})
    expect(waited).toEqual([301])
  },
)

test('a used-up REST budget holds REST back and not GraphQL', async () => {
  const { client, waited } = await meeting([
    { on: { api: 'rest' }, times: 1, fault: { kind: 'primary-limit', resetAfter: 900 } },
  ])
  const rest = client.get(PATH)
  await rest
  expect(waited).toEqual([901])
  expect(client.budget.core?.limit).toBe(5000)
})

test.each([200, 403, 429] as const)('a secondary limit (%s) with retry-after is obeyed', async status => {
  const { client, waited } = await meeting([
    { on: { api: 'graphql' }, times: 1, fault: { kind: 'secondary-limit', status, retryAfter: 17 } },
  ])
  await client.graphql(QUERY, {})
  expect(waited).toEqual([17])
})

test.each([403, 429] as const)(
  'a secondary limit (%s) without a word waits a minute, then twice as long',
  async status => {
    const { client, waited } = await meeting([
      { on: { api: 'rest' }, times: 3, fault: { kind: 'secondary-limit', status } },
    ])
    await client.get(PATH)
    expect(waited).toEqual([60, 120, 240])
  },
)

test('a limit that never ends stops the run with a sentence', async () => {
  const { client } = await meeting([{ fault: { kind: 'secondary-limit' } }])
  await expect(client.get(PATH)).rejects.toMatchObject({ code: 'rate-limited' })
})

test.each(['connection-reset', 'cut-body', 'invalid-json', 'server-error', 'bad-gateway'] as const)(
  'a passing %s is borne',
  async kind => {
    const { client, waited } = await meeting([{ on: { api: 'rest' }, times: 2, fault: { kind } }])
    expect((await client.get(PATH)).bytes.length).toBeGreaterThan(2)
    expect(waited).toEqual([1, 2])
  },
)

test('a body that does not come is given up and asked for again', async () => {
  const dir = await repositories({ one: { a: '1' } })
  const slow = { times: 1, fault: { kind: 'slow-body', milliseconds: 120_000 } } as const
  const { client } = await hosted(dir, [slow], { timeout: 2_000 })
  expect((await client.get(PATH)).bytes.length).toBeGreaterThan(2)
})

test('GraphQL goes one by one, REST six at a time', async () => {
  const most = { rest: 0, graphql: 0 }
  const busy = { rest: 0, graphql: 0 }
  const api = await serving((request, response) => {
    const kind = request.method === 'POST' ? 'graphql' : 'rest'
    busy[kind] += 1
    most[kind] = Math.max(most[kind], busy[kind])
    setImmediate(() => {
      busy[kind] -= 1
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{}}')
    })
  })
  const client = connect({ apiUrl: api, token: 't' })
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => (index % 2 ? client.get('/x') : client.graphql(QUERY, {}))),
  )
  expect(most.graphql).toBe(1)
  expect(most.rest).toBeLessThanOrEqual(6)
  expect(most.rest).toBeGreaterThan(1)
})

test('a redirect is followed, and the token stays with its host', async () => {
  const seen: (string | undefined)[] = []
  const other = await serving((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"from":"elsewhere"}')
  })
  const api = await serving((request, response) => {
    if (request.url === '/away') return response.writeHead(302, { location: `${other}/x` }).end()
    if (request.url === '/old') return response.writeHead(301, { location: '/new' }).end()
    seen.push(request.headers.authorization)
    return response.writeHead(200, { 'content-type': 'application/json' }).end('{"from":"here"}')
  })
  const client = connect({ apiUrl: api, token: 'secret' })
  expect((await client.get('/away')).bytes.toString()).toBe('{"from":"elsewhere"}')
  expect((await client.get('/old')).bytes.toString()).toBe('{"from":"here"}')
  expect(seen).toEqual([undefined, 'Bearer secret'])
})

test('a link to another host is not followed', () => {
  const api = 'https://api.github.com'
  expect(nextPage('<https://api.github.com/x?page=2>; rel="next", <https://x>; rel="last"', api)).toMatch(/page=2/)
  expect(nextPage('<https://evil.example/x?page=2>; rel="next"', api)).toBeNull()
  expect(nextPage(undefined, api)).toBeNull()
})

test('a body larger than asked for is not taken in', async () => {
  const api = await serving((_, response) => response.writeHead(200).end(Buffer.alloc(3 * 1024 * 1024)))
  const client = connect({ apiUrl: api, token: 't' })
  await expect(client.get('/big', { maxBytes: 1024 * 1024 })).rejects.toThrow('It is larger than 1 MB.')
})

test('repositories by id: one that is gone is absent', async () => {
  const { client, source } = await meeting([])
  const nodeId = (await sweep(source)).repositories[0]?.nodeId ?? ''
  expect((await lookAtRepositories(client, [nodeId, 'R_nothing'])).map(({ name }) => name)).toEqual(['one'])
})

test('where the parts of a GitHub are', () => {
  expect(addressesOf('https://api.github.com/')).toMatchObject({
    graphql: 'https://api.github.com/graphql',
    web: 'https://github.com',
  })
  expect(addressesOf('https://git.acme.example/api/v3')).toMatchObject({
    graphql: 'https://git.acme.example/api/graphql',
    web: 'https://git.acme.example',
  })
  expect(addressesOf('https://api.acme.ghe.com').web).toBe('https://acme.ghe.com')
})
