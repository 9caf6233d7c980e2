import { expect, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { acme, DIGEST } from './acme.ts'
import { startedGitHub } from './asking.ts'
import { bareRepository, blobOid, temporaryFolder } from './bare-repository.ts'

const names = (body: { name: string }[]) => body.map(({ name }) => name)

test('every operation answers as the official description says', async () => {
  const { dir, web } = await acme()
  const { get } = await startedGitHub(dir)
  const statuses: Record<string, number> = {}
  for (const path of [
    '/user',
    '/rate_limit',
    '/orgs/acme',
    '/orgs/acme/repos?per_page=2',
    '/orgs/acme/teams',
    '/orgs/acme/teams/front/repos',
    '/repos/acme/web',
    `/repos/acme/web/git/trees/${web[1]}?recursive=1`,
    '/repos/acme/web/git/trees/HEAD',
    `/repos/acme/web/git/blobs/${blobOid('new\n')}`,
    '/repos/acme/web/git/ref/heads/main',
    '/repos/acme/web/git/ref/tags/v1.0.0',
    '/repos/acme/web/releases',
    '/repos/acme/web/releases/latest',
    '/repos/acme/web/vulnerability-alerts',
    '/repos/acme/web/automated-security-fixes',
    '/repos/acme/tool/actions/permissions',
    '/repos/acme/web/actions/permissions/workflow',
    '/repos/acme/web/rules/branches/main',
    '/repos/acme/web/environments',
    `/repos/acme/web/attestations/${DIGEST}`,
    '/orgs/acme/actions/permissions',
  ]) {
    statuses[path] = (await get(path)).status
  }
  expect(Object.entries(statuses).filter(([, status]) => status !== 200)).toEqual([
    ['/repos/acme/web/vulnerability-alerts', 204],
  ])
})

test('attestations are told for many digests at once, page by page', async () => {
  const { dir } = await acme()
  const { post } = await startedGitHub(dir)
  const other = `sha256:${'b'.repeat(64)}`
  const path = '/orgs/acme/attestations/bulk-list'
  const { status, body } = await post(path, { subject_digests: [DIGEST, other] })
  expect([status, body.page_info]).toEqual([200, { has_next: false, has_previous: false }])
  expect(body.attestations_subject_digests[DIGEST]).toHaveLength(1)
  expect(body.attestations_subject_digests[other]).toEqual([])
  expect((await post(path, { subject_digests: [] })).status).toBe(422)
  expect((await post(path, { subject_digests: Array.from({ length: 1_025 }, () => DIGEST) })).status).toBe(422)
})

test('a recursive tree has paths, modes, sizes and ids', async () => {
  const { dir, web } = await acme()
  const { get } = await startedGitHub(dir)
  const { body } = await get(`/repos/acme/web/git/trees/${web[1]}?recursive=1`)
  expect(body.truncated).toBe(false)
  expect(body.tree.map((entry: { path: string }) => entry.path)).toEqual([
    '.github',
    '.github/workflows',
    '.github/workflows/ci.yml',
    'README.md',
    'src',
    'src/a',
    'src/a/b.txt',
  ])
  expect(body.tree[2]).toMatchObject({ mode: '100644', type: 'blob', size: 9, sha: blobOid('on: push\n') })
  expect(body.tree[0]).toMatchObject({ mode: '040000', type: 'tree' })
})

test('a tree above 100,000 entries is truncated', async () => {
  const dir = temporaryFolder()
  const files = Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`${index % 320}/f${index}`, 'same']))
  await bareRepository(dir, 'wide', [{ date: '2026-01-01T00:00:00Z', files }])
  const { github } = await startedGitHub(dir)
  const headers = { authorization: 'Bearer x', 'user-agent': 'tests' }
  const response = await fetch(`${github.apiUrl}/repos/acme/wide/git/trees/main?recursive=1`, { headers })
  const text = await response.text()
  const { tree, truncated } = JSON.parse(text) as { tree: unknown[]; truncated: boolean }
  expect(truncated).toBe(true)
  expect(tree.length).toBeLessThanOrEqual(100_000)
  expect(text.length).toBeLessThanOrEqual(7 * 1024 * 1024)
})

test('a raw blob is its bytes', async () => {
  const dir = temporaryFolder()
  const bytes = Buffer.from([0, 1, 2, 255, 13, 10, 0])
  await bareRepository(dir, 'binary', [{ date: '2026-01-01T00:00:00Z', files: { 'x.bin': bytes } }])
  const { github, get } = await startedGitHub(dir)
  const path = `/repos/acme/binary/git/blobs/${blobOid(bytes)}`
  const headers = { authorization: 'Bearer x', 'user-agent': 'tests', accept: 'application/vnd.github.raw+json' }
  const raw = await fetch(github.apiUrl + path, { headers })
  expect(Buffer.from(await raw.arrayBuffer())).toEqual(bytes)
  const { body } = await get(path)
  expect(Buffer.from(body.content, 'base64')).toEqual(bytes)
})

test('an empty repository is listed, and its tree is a conflict', async () => {
  const { dir } = await acme()
  const { get } = await startedGitHub(dir)
  const listed = await get('/orgs/acme/repos?sort=full_name')
  expect(names(listed.body)).toEqual(['new', 'tool', 'web'])
  const tree = await get('/repos/acme/new/git/trees/HEAD')
  expect([tree.status, tree.body.message]).toEqual([409, 'Git Repository is empty.'])
})

test('what is not there is 404, and a setting one may not see is 403', async () => {
  const { dir } = await acme()
  const { get } = await startedGitHub(dir)
  expect((await get('/orgs/nobody/repos')).status).toBe(404)
  expect((await get('/repos/acme/nothing')).status).toBe(404)
  expect((await get(`/repos/acme/web/git/blobs/${'0'.repeat(40)}`)).status).toBe(404)
  const denied = await get('/repos/acme/web/actions/permissions')
  expect([denied.status, denied.headers.get('x-accepted-github-permissions')]).toEqual([403, 'administration=read'])
})

test('pages are linked, and hold every repository once', async () => {
  const dir = temporaryFolder()
  await makeSynthetic(dir, { repos: 250, seed: 3 })
  const { github, get } = await startedGitHub(dir, { host: await openNamespaces(dir) })
  const seen: string[] = []
  let path: string | undefined = '/orgs/synthetic/repos?per_page=100&sort=full_name'
  while (path !== undefined) {
    const page: Awaited<ReturnType<typeof get>> = await get(path)
    seen.push(...names(page.body))
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
    path = next?.slice(github.apiUrl.length)
  }
  expect(new Set(seen).size).toBe(250)
  expect(github.counters.rest).toBe(3)
})

test('an unchanged answer is 304 and free, for the same token only', async () => {
  const { dir } = await acme()
  const { github, get } = await startedGitHub(dir)
  const first = await get('/orgs/acme/repos')
  const etag = first.headers.get('etag') ?? ''
  const again = await get('/orgs/acme/repos', { 'if-none-match': etag })
  expect([again.status, again.headers.get('x-ratelimit-used')]).toEqual([304, '1'])
  const other = await get('/orgs/acme/repos', { 'if-none-match': etag, authorization: 'Bearer second-token' })
  expect(other.status).toBe(200)
  expect([github.counters.rest, github.counters.notModified]).toEqual([2, 1])
  expect(etag).toMatch(/^W\/"[0-9a-f]{64}"$/)
})

test('a former name moves to the id, which serves everything', async () => {
  const { dir } = await acme()
  const { github, get } = await startedGitHub(dir)
  const moved = await get('/repos/acme/site/git/trees/HEAD?recursive=1')
  expect(moved.status).toBe(301)
  const location = moved.headers.get('location') ?? ''
  expect(location).toBe(`${github.apiUrl}/repositories/5001/git/trees/HEAD?recursive=1`)
  expect((await get(location.slice(github.apiUrl.length))).body.tree.length).toBe(7)
})

test('who has no token or a wrong one is refused', async () => {
  const { dir } = await acme()
  const { get } = await startedGitHub(dir, { token: 'first-token' })
  expect((await get('/user')).status).toBe(200)
  expect((await get('/user', { authorization: 'Bearer other' })).status).toBe(401)
  expect((await get('/user', { authorization: '' })).status).toBe(401)
})

test('a version of the API that there is not is refused', async () => {
  const { dir } = await acme()
  const { get } = await startedGitHub(dir)
  expect((await get('/user', { 'x-github-api-version': '2026-03-10' })).status).toBe(200)
  expect((await get('/user', { 'x-github-api-version': '2019-01-01' })).status).toBe(400)
  expect((await get('/orgs/acme/repos/')).status).toBe(404)
})

test('a server without limits says nothing of them', async () => {
  const { dir } = await acme()
  const { get, query } = await startedGitHub(dir, { limits: null })
  expect((await get('/user')).headers.has('x-ratelimit-limit')).toBe(false)
  expect((await get('/rate_limit')).status).toBe(404)
  expect((await query('{ rateLimit { cost } }')).body.data).toEqual({ rateLimit: null })
})

test('the clock decides what is seen', async () => {
  const { dir, web } = await acme()
  const { github, get } = await startedGitHub(dir)
  github.setNow(new Date('2026-02-15T00:00:00Z'))
  const before = await get('/repos/acme/web/git/ref/heads/main')
  expect(before.body.object.sha).toBe(web[0])
  expect((await get('/repos/acme/web/releases')).body.map((r: { tag_name: string }) => r.tag_name)).toEqual(['v0.9.0'])
  expect((await get('/repos/acme/web')).body.pushed_at).toBe('2026-01-10T00:00:00Z')
  github.setNow(new Date('2026-01-01T00:00:00Z'))
  expect(names((await get('/orgs/acme/repos?sort=full_name')).body)).toEqual(['new', 'tool'])
  github.setNow(new Date('2026-04-01T00:00:00Z'))
  expect((await get('/repos/acme/web/git/ref/heads/main')).body.object.sha).toBe(web[1])
})
