/** An Enterprise Server that is older than the API we know: no limits, a smaller schema, fewer operations. */
import { expect, test } from 'vitest'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { acme } from '#tests/demo/github/acme.ts'
import { hosted } from './hosted.ts'
import { memoryStore } from './memory-store.ts'
import { settingsOf, sweep } from './whole-listing.ts'

const now = new Date('2026-06-01T00:00:00Z')
/** What Enterprise Server 3.14 lacks of what is asked, and then some. */
const MISSING = [
  'Ref.rules',
  'Release.immutable',
  'ReleaseAsset.digest',
  'Repository.hasVulnerabilityAlertsEnabled',
  'BranchProtectionRule.lockBranch',
  'POST /orgs/{org}/attestations/bulk-list',
]
const FIELDS = MISSING.filter(name => !name.includes('/')).sort()

async function older(missing = MISSING) {
  const { dir } = await acme()
  const parts = await hosted(dir, [], { limits: null, missing })
  const { repositories: listed } = await sweep(parts.source)
  return { ...parts, listed }
}

test('it is crawled whole, without waiting, by queries of which only the unknown fields are left out', async () => {
  const { source, client, github, listed, waited } = await older()
  const store = memoryStore()
  const outcomes = await crawlRepositories(listed, { source, store, now, releases: true, refs: true })
  expect(outcomes.map(({ name, outcome }) => [name, outcome])).toEqual(
    listed.map(({ name, headOid }) => [name, headOid === null ? 'empty' : 'ok']),
  )
  expect([...client.missing].sort()).toEqual(FIELDS)
  // The schema is read once; after that no query is refused.
  expect(github.counters.byRoute).toMatchObject({ 'graphql ReadSchema': 1, 'graphql (unnamed)': 1 })
  expect([waited, client.budget]).toEqual([[], {}])
})

test('what is lost is told: where it was asked, and as what this server does not know', async () => {
  const { source, listed } = await older()
  const { settings } = await settingsOf(source, listed)
  const web = settings.get(5_001n)
  // Guards by rulesets are none where there are no rulesets; whether alerts are on is not known, and says why.
  expect(web).toMatchObject({ secretScanning: false, defaultBranchAllows: expect.any(Array) })
  const releases = await source.releases(listed.filter(({ released }) => released))
  expect(releases.get(5_001n)?.map(({ immutable, attested }) => [immutable, attested])).toEqual([
    [null, null],
    [null, null],
  ])
  expect(source.capabilities()).toEqual(
    expect.arrayContaining([
      { name: 'Attestations', state: 'absent', reason: 'This server does not tell the digests of released files.' },
      {
        name: 'Newer fields of the API',
        state: 'absent',
        reason: `This server does not know ${FIELDS.join(', ')}: what they tell is unknown here.`,
      },
    ]),
  )
  const alone = await older(['Repository.hasVulnerabilityAlertsEnabled'])
  const told = await settingsOf(
    alone.source,
    alone.listed.filter(({ name }) => name === 'tool'),
  )
  expect([...told.settings.values()][0]).toMatchObject({
    vulnerabilityAlerts: null,
    reasons: { vulnerabilityAlerts: 'This server does not tell whether Dependabot alerts are on.' },
  })
})

test('GitHub itself is never asked for its schema', async () => {
  const { dir } = await acme()
  const { source, github, client } = await hosted(dir)
  await sweep(source)
  expect(github.counters.byRoute['graphql ReadSchema']).toBeUndefined()
  expect(client.missing.size).toBe(0)
})
