import { expect, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { acme, DIGEST } from './acme.ts'
import { startedGitHub } from './asking.ts'
import { bareRepository, blobOid, temporaryFolder } from './bare-repository.ts'

const LISTING = `query Listing($after: String, $order: RepositoryOrder!, $size: Int!) {
  rateLimit { cost nodeCount remaining limit }
  organization(login: "acme") {
    repositories(first: $size, after: $after, orderBy: $order) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId name nameWithOwner visibility isArchived isFork isEmpty pushedAt hasVulnerabilityAlertsEnabled
        primaryLanguage { name }
        defaultBranchRef { name target { oid ... on Commit { committedDate tree { oid } } } }
      }
    }
  }
}`

const order = (field: string, direction = 'ASC') => ({ order: { field, direction }, size: 100 })

test('a listing tells of head, tree and flags, and costs one point', async () => {
  const { dir, web } = await acme()
  const { github, query } = await startedGitHub(dir)
  const { body } = await query(LISTING, order('NAME'))
  expect(body.errors).toBeUndefined()
  expect(body.data.rateLimit).toEqual({ cost: 1, nodeCount: 100, remaining: 4999, limit: 5000 })
  const { nodes, totalCount } = body.data.organization.repositories
  expect(totalCount).toBe(3)
  expect(nodes[0]).toMatchObject({ name: 'new', isEmpty: true, defaultBranchRef: null, pushedAt: null })
  expect(nodes[2]).toMatchObject({
    databaseId: 5001,
    nameWithOwner: 'acme/web',
    pushedAt: '2026-03-01T00:00:00Z',
    hasVulnerabilityAlertsEnabled: true,
    primaryLanguage: { name: 'TypeScript' },
    defaultBranchRef: { name: 'main', target: { oid: web[1], committedDate: '2026-03-01T00:00:00Z' } },
  })
  expect([github.counters.points, github.counters.graphql, github.counters.rest]).toEqual([1, 1, 0])
})

test.each(['NAME', 'CREATED_AT', 'PUSHED_AT'])('pages by %s hold every repository once, both ways', async field => {
  const dir = temporaryFolder()
  await makeSynthetic(dir, { repos: 130, seed: 5 })
  const { query } = await startedGitHub(dir, { host: await openNamespaces(dir, 'acme') })
  const walk = async (direction: string) => {
    const seen: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { body }: Awaited<ReturnType<typeof query>> = await query(LISTING, {
        ...order(field, direction),
        after,
        size: 40,
      })
      const { nodes, pageInfo } = body.data.organization.repositories
      seen.push(...nodes.map((node: { id: string }) => node.id))
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    return seen
  }
  const up = await walk('ASC')
  expect(new Set(up).size).toBe(130)
  expect(await walk('DESC')).toEqual(up.toReversed())
})

test('blobs by id or path; text is cut at 512,000 bytes; binary has none', async () => {
  const dir = temporaryFolder()
  const large = 'ä'.repeat(300_000)
  const binary = Buffer.from([1, 0, 2])
  const files = { 'large.txt': large, 'x.bin': binary, 'docs/small.md': 'small\n' }
  await bareRepository(dir, 'files', [{ date: '2026-01-01T00:00:00Z', files }])
  const { query } = await startedGitHub(dir)
  const blob = '... on Blob { oid byteSize isBinary isTruncated text }'
  const { body } = await query(`{ repository(owner: "acme", name: "files") {
    large: object(oid: "${blobOid(large)}") { ${blob} }
    binary: object(oid: "${blobOid(binary)}") { ${blob} }
    small: object(expression: "HEAD:docs/small.md") { ${blob} }
    docs: object(expression: "main:docs") { ... on Tree { entries { name path mode type size oid object { ${blob} } } } }
    missing: object(oid: "${'0'.repeat(40)}") { oid }
    nowhere: object(expression: "HEAD:no/such") { oid }
  } }`)
  const found = body.data.repository
  expect(found.large).toMatchObject({ byteSize: 600_000, isTruncated: true, isBinary: false })
  expect(Buffer.byteLength(found.large.text)).toBe(512_000)
  expect(found.binary).toMatchObject({ isBinary: true, text: null, byteSize: 3 })
  expect(found.small).toEqual({
    oid: blobOid('small\n'),
    byteSize: 6,
    isBinary: false,
    isTruncated: false,
    text: 'small\n',
  })
  expect(found.docs.entries).toEqual([
    {
      name: 'small.md',
      path: 'docs/small.md',
      mode: 0o100644,
      type: 'blob',
      size: 6,
      oid: found.small.oid,
      object: found.small,
    },
  ])
  expect([found.missing, found.nowhere]).toEqual([null, null])
})

test('releases, assets, teams and rules', async () => {
  const { dir } = await acme()
  const { query } = await startedGitHub(dir)
  const { body } = await query(`{
    organization(login: "acme") { teams(first: 10) { nodes { slug repositories(first: 10) { edges { permission node { name } } } } } }
    repository(owner: "acme", name: "web") {
      latestRelease { tagName immutable publishedAt releaseAssets(first: 5) { nodes { name digest } } }
      releases(first: 10) { totalCount nodes { tagName } }
      repositoryTopics(first: 5) { nodes { topic { name } } }
      defaultBranchRef { rules(first: 5) { totalCount } branchProtectionRule { allowsForcePushes } }
    }
  }`)
  expect(body.errors).toBeUndefined()
  expect(body.data.organization.teams.nodes).toEqual([
    { slug: 'front', repositories: { edges: [{ permission: 'WRITE', node: { name: 'web' } }] } },
  ])
  const { latestRelease, releases, repositoryTopics, defaultBranchRef } = body.data.repository
  expect(latestRelease).toMatchObject({ tagName: 'v1.0.0', immutable: true, publishedAt: '2026-03-02T00:00:00Z' })
  expect(latestRelease.releaseAssets.nodes).toEqual([{ name: 'web.tgz', digest: DIGEST }])
  expect(releases.nodes).toEqual([{ tagName: 'v1.0.0' }, { tagName: 'v0.9.0' }])
  expect(repositoryTopics.nodes).toEqual([{ topic: { name: 'shop' } }])
  expect(defaultBranchRef).toEqual({ rules: { totalCount: 1 }, branchProtectionRule: { allowsForcePushes: false } })
})

test('nodes keep their order, and an unknown id is null with its place', async () => {
  const { dir } = await acme()
  const { query } = await startedGitHub(dir)
  const listed = (await query(LISTING, order('NAME'))).body.data.organization.repositories.nodes
  const ids = [listed[2].id, 'R_unknown', listed[0].id]
  const { body } = await query('query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { name } } }', { ids })
  expect(body.data.nodes).toEqual([{ name: 'web' }, null, { name: 'new' }])
  expect(body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }])
})

test('a query that GitHub would refuse is refused', async () => {
  const { dir } = await acme()
  const { github, query } = await startedGitHub(dir)
  const refusal = async (text: string) => {
    const { status, body } = await query(text)
    expect([status, body.data ?? null]).toEqual([200, null])
    return body.errors[0].type ?? body.errors[0].message
  }
  const repositories = (size: string, below = 'id') =>
    `{ organization(login: "acme") { repositories${size} { nodes { ${below} } } } }`
  const hundred = Array.from({ length: 101 }, (_, index) => `"R_${index}"`)
  expect(await refusal('{ viewer { logn } }')).toContain("Field 'logn' doesn't exist on type 'User'")
  expect(await refusal(repositories(''))).toBe('MISSING_PAGINATION_BOUNDARIES')
  expect(await refusal(repositories('(first: 101)'))).toBe('EXCESSIVE_PAGINATION')
  expect(await refusal(`{ nodes(ids: [${hundred}]) { id } }`)).toBe('ARGUMENT_LIMIT')
  const deep = 'releases(first: 100) { nodes { releaseAssets(first: 100) { nodes { name } } } }'
  expect(await refusal(repositories('(first: 100)', deep))).toBe('MAX_NODE_LIMIT_EXCEEDED')
  expect(github.counters.points).toBe(0)
})

test('the price follows the documented formula, and aliases are free', async () => {
  const { dir } = await acme()
  const { github, query } = await startedGitHub(dir)
  const price = async (text: string) => (await query(text)).body.data.rateLimit
  const nested = (
    size: number,
  ) => `{ rateLimit { cost nodeCount } organization(login: "acme") { repositories(first: ${size}) { nodes {
    languages(first: 10) { totalCount } repositoryTopics(first: 10) { totalCount } } } } }`
  expect(await price(nested(100))).toEqual({ cost: 2, nodeCount: 2100 })
  expect(await price(nested(74))).toEqual({ cost: 1, nodeCount: 1554 })
  const aliases = Array.from(
    { length: 300 },
    (_, index) => `b${index}: object(oid: "${blobOid(String(index))}") { oid }`,
  )
  expect(
    await price(`{ rateLimit { cost nodeCount } repository(owner: "acme", name: "web") { ${aliases.join(' ')} } }`),
  ).toEqual({
    cost: 1,
    nodeCount: 0,
  })
  const before = github.counters.byRoute['graphql (unnamed)']
  const dry = await query('{ rateLimit(dryRun: true) { cost } organization(login: "acme") { id } }')
  expect([dry.body.data, before]).toEqual([{ rateLimit: { cost: 1 } }, 3])
})

test('a field that is not served is an error by name, not a silent null', async () => {
  const { dir } = await acme()
  const { query } = await startedGitHub(dir)
  const { body } = await query('{ repository(owner: "acme", name: "web") { name codeOfConduct { name } } }')
  expect(body.errors[0].message).toBe('The pretend GitHub does not serve Repository.codeOfConduct.')
})
