import { expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { bareRepository, blobOid } from '#tests/demo/github/bare-repository.ts'
import { hosted, repositories } from './hosted.ts'
import { memoryStore } from './memory-store.ts'
import { poll, sweep } from './whole-listing.ts'

const CI = '.github/workflows/ci.yml'
const now = new Date('2026-06-01T00:00:00Z')
const TREE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'

async function crawl(dir: string, scenario: Scenario = [], store = memoryStore()) {
  const parts = await hosted(dir, scenario)
  const { repositories: listed } = await sweep(parts.source)
  await crawlRepositories(listed, { source: parts.source, store, now })
  return { ...parts, store }
}

test('each repository ends with an outcome of its own, and one trouble does not stop the others', async () => {
  const files = { [CI]: 'on: push\n' }
  const dir = await repositories({
    good: files,
    nothing: null,
    lost: { a: '1' },
    taken: { a: '2' },
    hidden: { a: '3' },
    moved: { a: '4', 'package.json': '{}' },
    broken: { a: '5' },
  })
  const { store, client } = await crawl(dir, [
    { on: { repository: 'lost' }, fault: { kind: 'gone' } },
    { on: { repository: 'taken' }, fault: { kind: 'blocked' } },
    { on: { repository: 'moved' }, fault: { kind: 'renamed', to: 'moved-on' } },
    { on: { repository: 'hidden', route: TREE }, fault: { kind: 'no-permission', needs: 'contents=read' } },
    { on: { repository: 'broken', route: TREE }, fault: { kind: 'server-error' } },
  ])
  expect(store.byName()).toEqual({
    good: 'ok',
    nothing: 'empty',
    lost: 'gone',
    taken: 'blocked',
    hidden: 'denied',
    moved: 'ok',
    broken: 'failed',
  })
  expect(store.outcomes.find(({ name }) => name === 'hidden')?.reason).toBe(
    'The token may not read this. It needs contents: read.',
  )
  expect(store.outcomes.find(({ name }) => name === 'taken')?.reason).toMatch(/blocked.*dmca/)
  expect(JSON.stringify([...store.outcomes.map(({ reason }) => reason), client.spent])).not.toContain('secret-token')
})

test('a second crawl asks for what changed and nothing else, and a shared blob once', async () => {
  const dir = await repositories({ one: { [CI]: 'on: push\n' }, two: { [CI]: 'on: push\n', 'go.mod': 'module a\n' } })
  const { store, source, github } = await crawl(dir)
  expect(store.blobs.size).toBe(2)
  github.counters.reset()
  await bareRepository(dir, 'two', [
    { date: '2026-05-30T00:00:00Z', files: { [CI]: 'on: push\n', 'go.mod': 'module b\n' } },
  ])
  const pushed = await poll(source, new Date('2026-05-02T00:00:00Z'))
  expect(pushed.map(({ name }) => name)).toEqual(['two'])
  const outcomes = await crawlRepositories(pushed, { source, store, now })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ok'])
  expect([github.counters.rest, github.counters.points]).toEqual([1, 2])
  expect(store.blobs.get(blobOid('module b\n'))?.content).toBe('module b\n')
})

test('a known tree costs nothing, whichever repository it was read from', async () => {
  const dir = await repositories({ one: { [CI]: 'on: push\n' } })
  const { store } = await crawl(dir)
  const copies = await repositories({ copy: { [CI]: 'on: push\n' }, fork: { [CI]: 'on: push\n' } })
  const { github } = await crawl(copies, [], store)
  expect(github.counters.rest).toBe(0)
  expect(store.byName()).toEqual({ one: 'ok', copy: 'ok', fork: 'ok' })
})

test('what is read of a repository stands in its own tree, though forks hold each other’s objects', async () => {
  const shared = { [CI]: 'on: push\n', 'go.mod': 'module shared\n' }
  const dir = await repositories({ one: shared, fork: { ...shared, 'package.json': '{"private":true}' } })
  const { source } = await hosted(dir)
  const asked: [repository: string, oid: string][] = []
  const watched: typeof source = {
    ...source,
    blobs: wanted => {
      for (const { repository, oid } of wanted) asked.push([repository.name, oid])
      return source.blobs(wanted)
    },
  }
  const { repositories: listed } = await sweep(source)
  await crawlRepositories(listed, { source: watched, store: memoryStore(), now })
  const own = new Map(
    await Promise.all(
      listed.map(async one => {
        const { entries } = await source.tree(one, one.treeOid ?? '')
        return [one.name, new Set(entries.map(({ oid }) => oid))] as const
      }),
    ),
  )
  expect(new Set(asked.map(([, oid]) => oid)).size).toBe(3)
  expect(asked.filter(([name, oid]) => !own.get(name)?.has(oid))).toEqual([])
})

test('what the run was stopped in is taken up again without asking twice', async () => {
  const dir = await repositories({ one: { 'go.mod': 'module a\n' }, two: { 'go.mod': 'module b\n' } })
  const store = memoryStore()
  const stopped = crawl(dir, [{ on: { operation: 'ReadBlobs' }, fault: { kind: 'unauthorized' } }], store)
  await expect(stopped).rejects.toMatchObject({ code: 'token-rejected' })
  expect([store.trees.size, store.snapshots.length]).toEqual([0, 0])
  await crawl(dir, [], store)
  const { github } = await crawl(dir, [], store)
  expect([store.snapshots.length, github.counters.rest, github.counters.points]).toEqual([2, 0, 1])
})

test('large, binary, Latin-1 and oversized files', async () => {
  const large = Buffer.alloc(600_000, '{}\n')
  const latin = Buffer.from('name: caf\xe9\n', 'latin1')
  const dir = await repositories({
    files: {
      'package-lock.json': large,
      'yarn.lock': Buffer.from([0x50, 0, 1, 2, 0, 0, 3]),
      [CI]: latin,
      '.github/workflows/huge.yml': Buffer.alloc(3 * 1024 * 1024, '#\n'),
      '.github/workflows/bom.yml': '\uFEFFon: push\r\n',
      'vendor/a/package.json': '{}',
    },
  })
  const { store, github } = await crawl(dir)
  expect(store.blobs.get(blobOid(large))?.content).toBe(large.toString())
  expect(store.blobs.get(blobOid(latin))?.content).toBe('name: café\n')
  expect(store.blobs.get(blobOid('\uFEFFon: push\r\n'))?.content).toBe('on: push\r\n')
  const binary = [...store.blobs.values()].find(blob => blob.binary)
  expect(binary).toMatchObject({ content: null, unread: 'It is not text: it holds NUL bytes.' })
  const [tree] = store.trees.values()
  expect(tree?.unread).toEqual([
    {
      part: 'workflows',
      path: '.github/workflows/huge.yml',
      reason: 'It is 3.0 MB large; a workflow is judged up to 1 MB.',
    },
  ])
  expect(tree?.leftOut).toEqual([{ files: 1, reason: 'test data or vendored code' }])
  expect(store.byName()).toEqual({ files: 'ok' })
  // The tree, and raw: the large one, the binary one, and the one whose text is not its bytes.
  expect(github.counters.rest).toBe(4)
})

test('a tree cut short is read folder by folder, else over git, and is partial where that fails too', async () => {
  const dir = await repositories({ big: { [CI]: 'on: push\n', 'a/package.json': '{}', 'b/c/go.mod': 'module a\n' } })
  const once = await crawl(dir, [{ on: { route: TREE }, times: 1, fault: { kind: 'truncated-tree' } }])
  expect(once.store.byName()).toEqual({ big: 'ok' })
  expect([...once.store.trees.values()][0]?.files.map(({ path }) => path)).toEqual([CI, 'a/package.json', 'b/c/go.mod'])
  const cut = { on: { route: TREE }, fault: { kind: 'truncated-tree' } } as const
  const overGit = await crawl(dir, [cut])
  expect(overGit.store.byName()).toEqual({ big: 'ok' })
  expect([...overGit.store.trees.values()][0]?.files).toEqual([...once.store.trees.values()][0]?.files)
  const always = await crawl(dir, [cut, { on: { api: 'git' }, fault: { kind: 'server-error' } }])
  expect(always.store.byName()).toEqual({ big: 'partial' })
  const [tree] = always.store.trees.values()
  expect(tree?.complete).toBe(false)
  expect(tree?.unread[0]?.reason).toMatch(/does not list all files/)
})

test('batches shrink where GitHub says that they are too much, and nothing is lost', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index}/go.mod`, `module m${index}\n`]))
  const dir = await repositories({ many: files })
  for (const kind of ['bad-gateway', 'query-timeout'] as const) {
    const { store } = await crawl(dir, [{ on: { operation: 'ReadBlobs', objectsOver: 12 }, fault: { kind } }])
    expect([store.byName(), store.blobs.size]).toEqual([{ many: 'ok' }, 40])
  }
  const { store } = await crawl(dir, [
    { on: { operation: 'ReadBlobs' }, times: 2, fault: { kind: 'partial-data', keep: 3 } },
  ])
  expect([store.byName(), store.blobs.size]).toEqual([{ many: 'ok' }, 40])
})

test('twenty thousand workflows, and paths that only git would hold', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 20_010 }, (_, index) => [`.github/workflows/w${index}.yml`, 'on: push\n']),
  )
  const odd = { 'a\n"b"/package.json': '{"odd":1}', [`${'d/'.repeat(1_990)}package.json`]: '{"long":1}' }
  const dir = await repositories({ wide: files, odd })
  const { store } = await crawl(dir)
  expect(store.byName()).toEqual({ wide: 'ok', odd: 'ok' })
  const trees = [...store.trees.values()]
  const wide = trees.find(tree => tree.entries.length > 20_000)
  expect(wide?.files).toHaveLength(20_000)
  expect(wide?.unread).toEqual([
    { part: 'workflows', path: null, reason: expect.stringMatching(/^20000 of 20010 workflows were read/) },
  ])
  expect(trees.find(tree => tree.entries.length === 2)?.files.map(({ path }) => path)).toEqual(Object.keys(odd))
})

test('releases and refs of actions are asked for when wanted', async () => {
  const checkout = 'a'.repeat(40)
  const dir = await repositories({
    app: {
      [CI]: `jobs:\n  a:\n    steps:\n      - uses: acme/act@v1\n      - uses: acme/act/sub@${checkout}\n      - uses: other/gone@v1\n`,
    },
  })
  const [commit = ''] = await bareRepository(dir, 'act', [
    { date: '2026-05-01T00:00:00Z', files: { 'action.yml': 'name: a\n' }, tag: 'v1' },
  ])
  const { runGit } = await import('#demo/github/git-process.ts')
  await runGit([`--git-dir=${dir}/act.git`, 'tag', 'v1.4.2', commit])
  const { source, github, client } = await hosted(dir)
  const store = memoryStore()
  const { repositories: listed } = await sweep(source)
  await crawlRepositories(listed, { source, store, now, refs: true, releases: true })
  const app = store.snapshots.find(({ refs }) => Object.keys(refs).length > 0)
  expect(app?.refs).toEqual({
    'acme/act@v1': { commit, version: 'v1.4.2' },
    [`acme/act@${checkout}`]: { commit: checkout, version: null },
  })
  expect(app?.releases).toEqual([])
  expect(client.spent.git).toBe(github.counters.git)
  expect(await source.refs(['other/gone@v1', 'other/gone@v2'])).toEqual(
    new Map([
      ['other/gone@v1', null],
      ['other/gone@v2', null],
    ]),
  )
  expect(github.counters.git).toBe(2)
})

test('a listing that GitHub shortened is not complete, and says so', async () => {
  const { source } = await hosted(await repositories({ one: { a: '1' } }), [{ fault: { kind: 'sso-partial' } }])
  expect(await sweep(source)).toMatchObject({ complete: false, reason: expect.stringMatching(/single sign-on/) })
})

test('a listing of fewer than GitHub counts is not complete, and says so', async () => {
  const { source } = await hosted(await repositories({ one: { a: '1' }, two: { a: '2' } }))
  const shortened: typeof source = {
    ...source,
    async *list() {
      for await (const page of source.list()) yield { ...page, repositories: page.repositories.slice(0, 1) }
    },
  }
  const reason = 'GitHub counts 2 repositories and listed 1.'
  expect(await sweep(shortened)).toMatchObject({ complete: false, reason, repositories: [{ name: 'one' }] })
})

test('an organisation without repositories is listed whole', async () => {
  const { source } = await hosted(await repositories({}))
  expect(await sweep(source)).toEqual({ repositories: [], complete: true, reason: null })
})
