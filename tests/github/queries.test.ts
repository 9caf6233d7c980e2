import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { officialSchema } from '#demo/github/schema.ts'
import { ACCESS } from '#lib/github/access.ts'
import { queryOf } from '#lib/github/blobs.ts'
import { foldersQuery } from '#lib/github/folders.ts'
import { MEMBERSHIP, PERSON } from '#lib/github/people.ts'
import { PROTECTION } from '#lib/github/protection.ts'
import { RELEASES } from '#lib/github/releases.ts'
import { LOOK, listQuery } from '#lib/github/repositories.ts'
import { SCHEMA } from '#lib/github/schema.ts'
import { MAY_LIST, TEAM, TEAMS } from '#lib/github/teams.ts'
import { WHO } from '#lib/github/token-test.ts'
import { hosted } from '#tests/crawl/hosted.ts'
import { sweep } from '#tests/crawl/whole-listing.ts'
import { acme, DIGEST } from '#tests/demo/github/acme.ts'

const request = { nodeId: 'R_"1', owner: 'a', name: 'b', oid: 'a'.repeat(40), size: 1 }
const blobs = queryOf([request, { ...request, oid: 'b'.repeat(64) }, { ...request, nodeId: 'R_2' }])

test('every query is valid by the schema of GitHub', () => {
  const schema = officialSchema()
  const folders = (['flat', 'deep'] as const).map(depth =>
    foldersQuery([request, { ...request, nodeId: 'R_2' }], depth),
  )
  const others = [...folders, PROTECTION, SCHEMA, WHO, MAY_LIST, TEAMS, TEAM, PERSON, MEMBERSHIP]
  const lists = (['topics', 'guards'] as const).map(listQuery)
  for (const query of [...lists, LOOK, ACCESS, RELEASES, blobs, ...others])
    expect(validate(schema, parse(query))).toEqual([])
})

test('a blob is only looked up in the repository whose tree holds it, and only by hex', () => {
  expect(blobs.match(/node\(id:/g)).toHaveLength(2)
  expect(blobs).toContain('node(id: "R_\\"1")')
  expect(() => queryOf([{ ...request, oid: '") { x }' }])).toThrow()
  expect(() => foldersQuery([{ ...request, oid: '") { x }' }], 'flat')).toThrow()
})

test('listing and releases as GitHub tells them', async () => {
  const { dir, web } = await acme()
  const { source, github, client } = await hosted(dir)
  const { repositories: listed } = await sweep(source)
  const shop = listed.find(({ name }) => name === 'web')
  expect(shop).toMatchObject({
    id: 5_001n,
    topics: null,
    protection: { administers: true, guards: { forcePush: true } },
    primaryLanguage: 'TypeScript',
    released: true,
    headOid: web[1],
  })
  expect(listed.find(({ name }) => name === 'new')).toMatchObject({ empty: true, headOid: null })
  const [looked] = await source.look([shop?.nodeId ?? ''])
  expect(looked).toMatchObject({ id: 5_001n, topics: ['shop'], protection: null })
  const releases = await source.releases(listed.filter(({ released }) => released))
  expect(releases.get(5_001n)).toEqual([
    {
      tag: 'v1.0.0',
      publishedAt: '2026-03-02T00:00:00Z',
      immutable: true,
      attested: true,
      url: expect.stringMatching(/v1\.0\.0$/),
      assets: [{ name: 'web.tgz', digest: DIGEST, attested: true }],
    },
    expect.objectContaining({ tag: 'v0.9.0', assets: [] }),
  ])
  expect(client.spent.points).toBe(github.counters.points)
})
