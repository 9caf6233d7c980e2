import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { isAttested } from '#lib/crawl/attested.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { toldByOrganisation, wholeSettings } from '#lib/crawl/settings.ts'
import { acme, DIGEST } from '#tests/demo/github/acme.ts'
import { hosted, repositories } from './hosted.ts'
import { settingsOf, sweep } from './whole-listing.ts'

const why = { alerts: 'not told', security: 'not shown', protection: 'not seen' }
const whole = { forcePush: true, deletion: true, directPush: true }
const BULK = 'POST /orgs/{org}/attestations/bulk-list'

async function asked(scenario: Scenario = [], sidecar?: object) {
  const { dir } = await acme()
  if (sidecar) writeFileSync(join(dir, 'plumbline.json'), JSON.stringify(sidecar))
  const parts = await hosted(dir, scenario)
  const { repositories: listed } = await sweep(parts.source)
  const byName = Object.fromEntries(listed.map(one => [one.name, one.id]))
  return { ...parts, listed, web: byName.web ?? 0n, tool: byName.tool ?? 0n }
}

test('settings of all repositories come by a request for a hundred of them, and with the listing', async () => {
  const { source, listed, web, tool, github, client } = await asked()
  github.counters.reset()
  const { settings: told, topics, properties } = await settingsOf(source, listed)
  expect([github.counters.rest, github.counters.points]).toEqual([1, 0])
  expect([topics.get(web), properties.get(web), properties.get(tool)]).toEqual([
    ['shop'],
    {
      values: { 'Owning-Team': ['@acme/Front, @Ada'], maintainers: ['till', 'front'], tier: ['1'] },
      owners: ['front', '@ada', 'till'],
    },
    { values: {}, owners: [] },
  ])
  const ours = githubSource(client, 'acme', { ownerProperties: ['TIER', 'squad'] })
  expect((await settingsOf(ours, listed)).properties.get(web)?.owners).toEqual(['1'])
  // One that no listing told of is asked for.
  const alone = await settingsOf(
    source,
    listed.map(({ id, nodeId }) => ({ id, nodeId })),
  )
  expect([alone, github.counters.points]).toEqual([{ settings: told, topics, properties }, 1])
  expect(told.get(web)).toEqual({
    vulnerabilityAlerts: true,
    secretScanning: false,
    securityUpdates: true,
    defaultBranchProtected: true,
    defaultBranchAllows: [],
    reasons: {},
  })
  expect(told.get(tool)).toMatchObject({
    vulnerabilityAlerts: false,
    secretScanning: true,
    defaultBranchProtected: false,
    defaultBranchAllows: ['force-push', 'deletion', 'direct-push'],
  })
  expect(source.capabilities()).toEqual([
    { name: 'Security settings', state: 'ok', reason: null },
    { name: 'Branch protection', state: 'ok', reason: null },
  ])
})

test('what only a repository tells is asked of it, unless the organisation decides for all', async () => {
  const { source, web, tool, github } = await asked()
  github.counters.reset()
  const own = await source.ownSettings([
    { id: web, name: 'web', environments: true },
    { id: tool, name: 'tool', environments: false },
  ])
  expect(github.counters.rest).toBe(4)
  expect(own.get(tool)).toEqual({ shaPinningRequired: true, protectedEnvironments: [], reasons: {} })
  expect(own.get(web)).toEqual({
    shaPinningRequired: null,
    protectedEnvironments: ['production'],
    reasons: { shaPinningRequired: 'The token may not read this. It needs administration: read.' },
  })
  const names = [{ id: web, name: 'web', environments: false }]
  const strict = await asked([], { policy: { shaPinningRequired: true } })
  strict.github.counters.reset()
  expect((await strict.source.ownSettings(names)).get(web)?.shaPinningRequired).toBe(true)
  expect(strict.github.counters.rest).toBe(1)
  const off = await asked([], { policy: { shaPinningRequired: false, enabledRepositories: 'none' } })
  expect((await off.source.ownSettings(names)).get(web)?.shaPinningRequired).toBe(true)
})

test('a token without administration makes every setting unknown, with the reason, and no alarm', async () => {
  const dir = await repositories({ one: { a: '1' } })
  const { source } = await hosted(dir)
  const { repositories: listed } = await sweep(source)
  const told = [...(await settingsOf(source, listed)).settings.values()][0]
  const reason = 'GitHub shows it to administrators only. The token needs administration: read.'
  expect(told).toEqual({
    vulnerabilityAlerts: null,
    secretScanning: null,
    securityUpdates: null,
    defaultBranchProtected: null,
    defaultBranchAllows: [],
    reasons: {
      vulnerabilityAlerts: reason,
      secretScanning: reason,
      securityUpdates: reason,
      defaultBranchProtected: reason,
    },
  })
  expect(source.capabilities()).toContainEqual({ name: 'Security settings', state: 'denied', reason })
})

test('refusals of one repository are not those of all, and five in a row are', async () => {
  const names = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`r${index}`, { a: '1' }]))
  const dir = await repositories(names)
  const { source, github } = await hosted(dir)
  const { repositories: listed } = await sweep(source)
  const own = await source.ownSettings(listed.map(({ id, name }) => ({ id, name, environments: false })))
  // The organisation's policy and the first six, which go out together.
  expect(github.counters.rest).toBe(7)
  expect([...own.values()].every(({ reasons }) => /administration: read/.test(reasons?.shaPinningRequired ?? ''))).toBe(
    true,
  )
  const mixed = await asked()
  await mixed.source.ownSettings([
    { id: mixed.tool, name: 'tool', environments: false },
    { id: mixed.web, name: 'web', environments: false },
  ])
  expect(mixed.source.capabilities().find(({ name }) => name === 'Actions policy of repositories')?.state).toBe('ok')
})

test('where GitHub fails to answer nothing is told, so that what was known stays', async () => {
  const { source, listed, web } = await asked([
    { on: { route: 'GET /orgs/{org}/repos' }, fault: { kind: 'server-error' } },
    { on: { route: 'GET /repos/{owner}/{repo}/actions/permissions' }, fault: { kind: 'server-error' } },
  ])
  expect(await settingsOf(source, listed)).toEqual({ settings: new Map(), topics: new Map(), properties: new Map() })
  expect((await source.ownSettings([{ id: web, name: 'web', environments: false }])).size).toBe(0)
})

test('teams are those that may write', async () => {
  const { source, web, github } = await asked()
  github.counters.reset()
  expect(await source.teams()).toEqual(new Map([[web, ['front']]]))
  expect([github.counters.rest, github.counters.points]).toEqual([0, 1])
})

test('releases are attested by what the organisation attests, and unknown without the right to ask', async () => {
  const release = { tag: 'v2', publishedAt: '2026-03-05T00:00:00Z' }
  const other = `sha256:${'b'.repeat(64)}`
  const web = {
    id: 5_001,
    releases: [
      {
        ...release,
        attested: true,
        assets: [
          { name: 'web.tgz', digest: DIGEST },
          { name: 'checksums.txt', digest: null },
        ],
      },
      { ...release, tag: 'v1', assets: [{ name: 'web.tgz', digest: other }] },
    ],
  }
  const { source, listed, github } = await asked([], { repositories: { web } })
  github.counters.reset()
  const released = listed.filter(one => one.released)
  const told = (await source.releases(released)).get(5_001n)
  expect(told?.map(({ attested }) => attested)).toEqual([true, false])
  expect(told?.[0]?.assets).toEqual([
    { name: 'web.tgz', digest: DIGEST, attested: true },
    { name: 'checksums.txt', digest: null, attested: null },
  ])
  expect(github.counters.rest).toBe(1)
  const refused = await asked([{ on: { route: BULK }, fault: { kind: 'no-permission', needs: 'attestations=read' } }], {
    repositories: { web },
  })
  for (let time = 0; time < 2; time += 1) {
    const unknown = (await refused.source.releases(released)).get(5_001n)
    expect(unknown?.map(({ attested }) => attested)).toEqual([null, null])
  }
  expect(refused.github.counters.byRoute[BULK]).toBe(1)
  expect(refused.source.capabilities()).toEqual([
    { name: 'Attestations', state: 'denied', reason: 'The token may not read this. It needs attestations: read.' },
  ])
})

test('more digests than a request takes, and more attestations than a page holds', async () => {
  const digest = (repository: number, release: number, asset: number) =>
    `sha256:${String(repository * 10_000 + release * 1_000 + asset).padStart(64, '0')}`
  const releasesOf = (repository: number) =>
    Array.from({ length: 5 }, (_, release) => ({
      tag: `v${release}`,
      publishedAt: `2026-03-0${release + 1}T00:00:00Z`,
      attested: release === 4,
      assets: Array.from({ length: 90 }, (_, asset) => ({
        name: `f${asset}`,
        digest: digest(repository, release, asset),
      })),
    }))
  const dir = await repositories({ a: { x: '1' }, b: { x: '2' }, c: { x: '3' } })
  const told = Object.fromEntries(['a', 'b', 'c'].map((name, index) => [name, { releases: releasesOf(index) }]))
  writeFileSync(join(dir, 'plumbline.json'), JSON.stringify({ repositories: told }))
  const { source, github } = await hosted(dir)
  const { repositories: listed } = await sweep(source)
  github.counters.reset()
  const releases = [...(await source.releases(listed)).values()].flat()
  const attested = releases.filter(one => one.attested === true).map(({ tag }) => tag)
  expect([attested, releases.length]).toEqual([['v4', 'v4', 'v4'], 15])
  // 1,350 digests in two lists; the first of them names all 270 attestations, a hundred a page.
  expect(github.counters.byRoute[BULK]).toBe(4)
})

test.each([
  ['no file', [], null],
  ['a file that is not attested', [true, false], false],
  ['a file that could not be asked for', [true, null], null],
  ['all of them', [true, true], true],
] as const)('a release with %s', (_, told, expected) => {
  expect(isAttested(told.map((attested, index) => ({ name: `app-${index}.zip`, digest: null, attested })))).toBe(
    expected,
  )
})

test('a branch that is protected only as far as others see is not called open', () => {
  const open = { alerts: false, guards: { ...whole, deletion: false } }
  expect(toldByOrganisation(undefined, { ...open, administers: false }, why)).toMatchObject({
    vulnerabilityAlerts: null,
    defaultBranchProtected: null,
    reasons: { defaultBranchProtected: 'not seen', vulnerabilityAlerts: 'not told' },
  })
  const seen = { secretScanning: false, securityUpdates: false }
  expect(toldByOrganisation(seen, { ...open, administers: false }, why)).toMatchObject({
    vulnerabilityAlerts: false,
    defaultBranchProtected: false,
    defaultBranchAllows: ['deletion'],
  })
  expect(
    toldByOrganisation(undefined, { alerts: null, administers: false, guards: whole }, why).defaultBranchProtected,
  ).toBe(true)
})

test('what nobody told yet is not known, and says so', () => {
  const settings = wholeSettings({ secretScanning: true })
  expect(settings).toMatchObject({ secretScanning: true, shaPinningRequired: null, protectedEnvironments: null })
  expect(settings.reasons?.shaPinningRequired).toMatch(/once a day/)
  expect(settings.reasons?.secretScanning).toBeUndefined()
})
