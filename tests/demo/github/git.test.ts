import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { runGit } from '#demo/github/git-process.ts'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { acme } from './acme.ts'
import { startedGitHub } from './asking.ts'
import { bareRepository, blobOid, temporaryFolder } from './bare-repository.ts'

test('git clones, lists refs, and fetches by id without blobs', async () => {
  const { dir, web } = await acme()
  const { github } = await startedGitHub(dir)
  const target = temporaryFolder()
  await runGit(['clone', '--quiet', '--branch=main', `${github.url}/acme/web.git`, join(target, 'full')])
  expect(readFileSync(join(target, 'full/README.md'), 'utf8')).toBe('new\n')
  const refs = (await runGit(['ls-remote', `${github.url}/acme/web`, 'refs/tags/*'])).toString()
  expect(refs).toBe(`${web[1]}\trefs/tags/v1.0.0\n`)
  const bare = join(target, 'bare')
  await runGit(['init', '--quiet', '--bare', bare])
  const before = github.counters.git
  const url = `${github.url}/acme/web.git`
  await runGit([
    `--git-dir=${bare}`,
    'fetch',
    '--quiet',
    '--no-tags',
    '--depth=1',
    '--filter=blob:none',
    url,
    web[0] ?? '',
  ])
  expect(github.counters.git - before).toBe(2)
  const tree = await runGit([`--git-dir=${bare}`, 'ls-tree', web[0] ?? ''])
  expect(tree.toString()).toContain(blobOid('old\n'))
  expect(github.counters.rest).toBe(0)
})

test('a namespace is a repository of its own', async () => {
  const dir = temporaryFolder()
  await makeSynthetic(dir, { repos: 3 })
  const { github } = await startedGitHub(dir, { host: await openNamespaces(dir) })
  const target = join(temporaryFolder(), 'clone')
  await runGit(['clone', '--quiet', `${github.url}/synthetic/repo-00002.git`, target])
  expect(readFileSync(join(target, 'README.md'), 'utf8')).toBe('# repo-2\n')
  expect(existsSync(join(target, '.github/workflows/ci.yml'))).toBe(true)
})

test('a synthetic organisation is the same for a seed, and half of its relevant files are distinct', async () => {
  const make = async (seed: number) => {
    const dir = temporaryFolder()
    await makeSynthetic(dir, { repos: 200, seed })
    const host = await openNamespaces(dir)
    const repositories = await host.list()
    const blobs: string[] = []
    for (const { objects, refs } of repositories) {
      const root = await objects.tree(refs.head ?? '')
      const items = root === null ? [] : await objects.walk(root, 1000)
      blobs.push(...items.filter(item => !/^(README|src|docs)/.test(item.path) && item.type === 'blob').map(i => i.oid))
    }
    host.close()
    return { heads: repositories.map(({ refs }) => refs.head), blobs }
  }
  const [one, same, other] = [await make(1), await make(1), await make(2)]
  expect(one.heads).toEqual(same.heads)
  expect(one.heads).not.toEqual(other.heads)
  expect(one.blobs.length).toBe(1600)
  expect(new Set(one.blobs).size).toBeGreaterThan(780)
  expect(new Set(one.blobs).size).toBeLessThan(960)
})

test('a private repository is cloned only with a token', async () => {
  const dir = temporaryFolder()
  await bareRepository(dir, 'secret', [{ date: '2026-01-01T00:00:00Z', files: { a: 'a' } }])
  writeFileSync(join(dir, 'plumbline.json'), JSON.stringify({ repositories: { secret: { visibility: 'private' } } }))
  const { github } = await startedGitHub(dir)
  const url = `${github.url}/acme/secret.git`
  await expect(runGit(['ls-remote', url])).rejects.toThrow(/ended with 128/)
  const refs = await runGit(['-c', 'http.extraHeader=Authorization: Basic eDp5', 'ls-remote', url])
  expect(refs.toString()).toContain('refs/heads/main')
})

test('a push while the server runs is seen by the next request', async () => {
  const dir = temporaryFolder()
  const [first] = await bareRepository(dir, 'live', [{ date: '2026-01-01T00:00:00Z', files: { a: '1' } }])
  const { get } = await startedGitHub(dir)
  const head = async () => (await get('/repos/acme/live/git/ref/heads/main')).body.object.sha
  expect(await head()).toBe(first)
  const [second] = await bareRepository(dir, 'live', [{ date: '2026-01-02T00:00:00Z', files: { a: '2' } }])
  expect(await head()).toBe(second)
  await bareRepository(dir, 'later')
  expect((await get('/orgs/acme/repos')).body.length).toBe(2)
})

test('a folder in the folder is another owner', async () => {
  const dir = temporaryFolder()
  await bareRepository(dir, 'web')
  await bareRepository(join(dir, 'actions'), 'checkout', [
    { date: '2026-01-01T00:00:00Z', files: { a: '1' }, tag: 'v4' },
  ])
  const { github, get } = await startedGitHub(dir)
  expect((await get('/orgs/acme/repos')).body.length).toBe(1)
  const refs = await runGit(['ls-remote', `${github.url}/actions/checkout`, 'refs/tags/v4'])
  expect(refs.toString()).toContain('refs/tags/v4')
})

test('what cannot be served is refused with what to do', async () => {
  const dir = temporaryFolder()
  await expect(openGitHost(join(dir, 'none'), 'acme')).rejects.toThrow('is no folder')
  writeFileSync(join(dir, 'plumbline.json'), '{"repositories": {"lost": {}}}')
  await expect(openGitHost(dir, 'acme')).rejects.toThrow('tells of lost')
  writeFileSync(join(dir, 'plumbline.json'), '{"repositories": {"lost": {"archived": "yes"}}}')
  await expect(openGitHost(dir, 'acme')).rejects.toThrow('repositories.lost.archived')
  await expect(openNamespaces(dir)).rejects.toThrow('is no bare git repository')
})

test('a link to a line leads to that line, and a file is shown as text only', async () => {
  const dir = temporaryFolder()
  const files = { 'src/<b>.html': 'one\n<script>alert(1)</script>\n' }
  const [commit] = await bareRepository(dir, 'web', [{ date: '2026-01-01T00:00:00Z', files }])
  const { github } = await startedGitHub(dir)
  const page = async (path: string) => {
    const response = await fetch(github.url + path)
    return { status: response.status, text: await response.text() }
  }
  const shown = await page(`/acme/web/blob/${commit}/src/%3Cb%3E.html`)
  expect(shown.text).toContain('<tr id="L2">')
  expect(shown.text).toContain('&#60;script&#62;alert(1)')
  expect((await page('/acme')).text).toContain('href="/acme/web"')
  expect((await page('/acme/web')).text).toContain(`/acme/web/tree/HEAD/src`)
  expect((await page('/acme/web/blob/HEAD/none')).status).toBe(404)
  expect((await page('/acme/nothing')).status).toBe(404)
  expect((await page('/acme/%')).status).toBe(404)
})

test('a mirror whose HEAD names no branch shows the one it has', async () => {
  const dir = temporaryFolder()
  const [commit] = await bareRepository(dir, 'mirror', [{ date: '2026-01-01T00:00:00Z', files: { a: '1' } }])
  const refs = join(dir, 'mirror.git/refs/heads')
  renameSync(join(refs, 'main'), join(refs, 'trunk'))
  const { get } = await startedGitHub(dir)
  expect((await get('/repos/acme/mirror')).body.default_branch).toBe('trunk')
  expect((await get('/repos/acme/mirror/git/ref/heads/trunk')).body.object.sha).toBe(commit)
})

test('a folder that nobody writes to is read by one git, and each repository shows its own', async () => {
  const { dir, web, tool } = await acme()
  const { get, query } = await startedGitHub(dir, { host: await openGitHost(dir, 'acme', { changes: false }) })
  const { body } = await get('/repos/acme/web/git/trees/HEAD?recursive=1')
  expect(body.tree.map((entry: { path: string }) => entry.path)).toContain('src/a/b.txt')
  const listed = await query(
    '{ organization(login: "acme") { repositories(first: 9) { nodes { name defaultBranchRef { target { oid } } } } } }',
  )
  const heads = listed.body.data.organization.repositories.nodes.flatMap(
    (node: { name: string; defaultBranchRef: { target: { oid: string } } | null }) =>
      node.defaultBranchRef ? [[node.name, node.defaultBranchRef.target.oid]] : [],
  )
  expect(Object.fromEntries(heads)).toEqual({ web: web[1], tool: tool[0] })
})
