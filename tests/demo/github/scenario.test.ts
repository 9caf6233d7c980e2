import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readScenario, type Scenario, Stage } from '#demo/github/scenario.ts'
import { acme } from './acme.ts'
import { startedGitHub } from './asking.ts'
import { temporaryFolder } from './bare-repository.ts'

const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'

async function under(scenario: Scenario, more = {}) {
  const { dir } = await acme()
  return startedGitHub(dir, { scenario, ...more })
}

test('the budget runs out with headers, and is full again after an hour', async () => {
  const { dir } = await acme()
  let now = new Date('2026-05-01T00:00:00Z')
  const { get, query } = await startedGitHub(dir, { limits: { rest: 2, points: 1 }, now: () => now })
  await get('/user')
  const last = await get('/user')
  expect([last.headers.get('x-ratelimit-remaining'), last.headers.get('x-ratelimit-limit')]).toEqual(['0', '2'])
  const over = await get('/user')
  expect([over.status, over.body.message]).toEqual([403, 'API rate limit exceeded for user ID 1.'])
  expect(over.headers.get('x-ratelimit-reset')).toBe(String(now.getTime() / 1000 + 3600))
  expect((await get('/user', { authorization: 'Bearer other' })).status).toBe(200)
  await query('{ viewer { login } }')
  const spent = await query('{ viewer { login } }')
  expect([spent.status, spent.body.errors[0].type, spent.headers.get('x-ratelimit-remaining')]).toEqual([
    200,
    'RATE_LIMIT',
    '0',
  ])
  expect((await get('/rate_limit')).body.resources.graphql).toMatchObject({ limit: 1, remaining: 0 })
  now = new Date('2026-05-01T01:00:01Z')
  expect((await get('/user')).status).toBe(200)
})

test('a rule takes the nth request, so many times', async () => {
  const { get } = await under([{ on: { route: 'GET /user' }, from: 2, times: 2, fault: { kind: 'bad-gateway' } }])
  const statuses = []
  for (let index = 0; index < 5; index += 1) statuses.push((await get('/user')).status)
  expect(statuses).toEqual([200, 502, 502, 200, 200])
})

test('a primary limit empties the bucket', async () => {
  const { get } = await under([{ on: { api: 'rest' }, times: 1, fault: { kind: 'primary-limit', resetAfter: 60 } }])
  const limited = await get('/user')
  expect([limited.status, limited.headers.get('x-ratelimit-remaining')]).toEqual([403, '0'])
  expect((await get('/user')).status).toBe(403)
})

test('secondary limits come as 403, 429 and 200, with and without retry-after', async () => {
  const { get, query } = await under([
    { on: { api: 'rest' }, times: 1, fault: { kind: 'secondary-limit', retryAfter: 7 } },
    { on: { api: 'rest' }, times: 2, fault: { kind: 'secondary-limit', status: 429 } },
    { on: { api: 'graphql' }, times: 1, fault: { kind: 'secondary-limit', status: 200 } },
    { on: { api: 'graphql' }, times: 2, fault: { kind: 'primary-limit', type: 'RATE_LIMITED' } },
  ])
  const first = await get('/user')
  expect([first.status, first.headers.get('retry-after')]).toEqual([403, '7'])
  const second = await get('/user')
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, null])
  expect(second.body.message).toContain('secondary rate limit')
  const third = await query('{ viewer { login } }')
  expect([third.status, third.body.errors[0].message]).toEqual([200, second.body.message])
  expect((await query('{ viewer { login } }')).body.errors[0].type).toBe('RATE_LIMITED')
})

test('a wide query gets a bad gateway and pays twice, a narrow one does not', async () => {
  const { github, query } = await under([{ on: { objectsOver: 2 }, fault: { kind: 'bad-gateway' } }])
  const ask = (count: number) =>
    query(
      `{ repository(owner: "acme", name: "web") { ${Array.from({ length: count }, (_, i) => `o${i}: object(expression: "HEAD") { oid }`)} } }`,
    )
  const wide = await ask(3)
  expect([wide.status, wide.body.includes('<html>'), github.counters.points]).toEqual([502, true, 2])
  expect((await ask(2)).status).toBe(200)
})

test('partial data names the objects that are missing', async () => {
  const { query } = await under([{ on: { api: 'graphql' }, fault: { kind: 'partial-data', keep: 1 } }])
  const { status, body } = await query(
    '{ repository(owner: "acme", name: "web") { a: object(expression: "HEAD") { oid } b: object(expression: "HEAD") { oid } } }',
  )
  expect([status, body.data.repository.a === null, body.data.repository.b]).toEqual([200, false, null])
  expect(body.errors).toMatchObject([{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['repository', 'b'] }])
})

test('a truncated tree, of one repository', async () => {
  const { get } = await under([{ on: { route: TREE, repository: 'web' }, fault: { kind: 'truncated-tree', keep: 2 } }])
  const cut = (await get('/repos/acme/web/git/trees/HEAD?recursive=1')).body
  expect([cut.truncated, cut.tree.length]).toEqual([true, 2])
  expect((await get('/repos/acme/tool/git/trees/HEAD?recursive=1')).body.truncated).toBe(false)
})

test('refusals of the token or its owner', async () => {
  const kinds = [
    'unauthorized',
    'sso-required',
    'ip-not-allowed',
    'no-permission',
    'server-error',
    'sso-partial',
  ] as const
  const { github, get } = await under(kinds.map((kind, index) => ({ from: index + 1, times: 1, fault: { kind } })))
  const replies = []
  for (const _ of kinds) replies.push(await get('/user'))
  expect(replies.map(({ status }) => status)).toEqual([401, 403, 403, 403, 500, 200])
  expect(replies[1]?.headers.get('x-github-sso')).toBe(
    `required; url=${github.url}/orgs/acme/sso?authorization_request=1`,
  )
  expect(replies[2]?.body.message).toContain('IP allow list')
  expect(replies[5]?.headers.get('x-github-sso')).toContain('partial-results')
})

test('broken transport: reset, cut body, no JSON; a slow body is whole', async () => {
  const { get } = await under([
    { times: 1, fault: { kind: 'connection-reset' } },
    { from: 2, times: 1, fault: { kind: 'cut-body' } },
    { from: 3, times: 1, fault: { kind: 'invalid-json' } },
    { from: 4, times: 1, fault: { kind: 'slow-body', milliseconds: 20 } },
  ])
  await expect(get('/user')).rejects.toThrow('fetch failed')
  await expect(get('/user')).rejects.toThrow('terminated')
  await expect(get('/user')).rejects.toThrow(SyntaxError)
  expect((await get('/user')).body.login).toBe('plumbline-reader')
})

test('states of a repository hold in REST, GraphQL and git', async () => {
  const { github, get, query } = await under([
    { on: { repository: 'web' }, fault: { kind: 'blocked' } },
    { on: { repository: 'tool' }, fault: { kind: 'renamed', to: 'gadget' } },
    { on: { repository: 'new' }, fault: { kind: 'gone' } },
  ])
  const listed = await get('/orgs/acme/repos?sort=full_name')
  expect(listed.body.map((r: { name: string }) => r.name)).toEqual(['new', 'tool', 'web'])
  const blocked = await get('/repos/acme/web/git/trees/HEAD')
  expect([blocked.status, blocked.body.block.reason]).toEqual([451, 'dmca'])
  const moved = await get('/repos/acme/tool/git/trees/HEAD')
  expect(moved.status).toBe(301)
  expect((await get((moved.headers.get('location') ?? '').slice(github.apiUrl.length))).status).toBe(200)
  expect((await get('/repos/acme/gadget')).body.name).toBe('gadget')
  expect((await get('/repos/acme/new')).status).toBe(404)
  const ids = listed.body.map((r: { node_id: string }) => r.node_id)
  const { body } = await query(
    'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name object(expression: "HEAD") { oid } } } }',
    { ids },
  )
  expect(body.data.nodes).toMatchObject([null, { name: 'gadget' }, { name: 'web', object: null }])
  expect(body.errors.map((error: { type: string }) => error.type).sort()).toEqual(['FORBIDDEN', 'NOT_FOUND'])
  expect((await fetch(`${github.url}/acme/web.git/info/refs?service=git-upload-pack`)).status).toBe(451)
})

test('an emptied repository is empty everywhere', async () => {
  const { get, query } = await under([{ on: { repository: 'web' }, fault: { kind: 'empty' } }])
  expect((await get('/repos/acme/web/git/trees/HEAD')).status).toBe(409)
  const { body } = await query('{ repository(owner: "acme", name: "web") { isEmpty defaultBranchRef { name } } }')
  expect(body.data.repository).toEqual({ isEmpty: true, defaultBranchRef: null })
})

test('a scenario is read from a file, and a wrong one is refused with what is wrong', () => {
  const path = join(temporaryFolder(), 'scenario.json')
  writeFileSync(path, JSON.stringify([{ on: { api: 'git' }, fault: { kind: 'connection-reset' } }]))
  expect(new Stage(readScenario(path)).meet({ api: 'git', route: 'git info/refs' })).toEqual({
    kind: 'connection-reset',
  })
  writeFileSync(path, '[{"fault": {"kind": "earthquake"}}]')
  expect(() => new Stage(readScenario(path))).toThrow('The scenario cannot be used: 0.fault.kind')
  writeFileSync(path, '[')
  expect(() => readScenario(path)).toThrow('cannot be read')
  expect(() => new Stage([{ fault: { kind: 'gone' } }])).toThrow('names no repository')
})
