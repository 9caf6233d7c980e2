/** Settings, teams and capabilities from the pretend GitHub to the snapshots that checks read, through the real jobs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { inTransaction } from '#lib/store/database.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { addPolicyVersion } from '#lib/store/policies.ts'
import { hosted } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { acme } from '#tests/demo/github/acme.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const DAY_MS = 86_400_000
const WEB = 5_001n

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

describeDatabases('settings', database => {
  async function acmeCrawled(scenario: Scenario = []) {
    const { dir } = await acme()
    const parts = await hosted(dir, scenario)
    const { db } = database
    const { api, web } = parts.client.addresses
    const org = await saveOrg(db, { login: 'acme', apiUrl: api, webUrl: web, demo: false })
    const queue = inlineQueue()
    let days = 0
    const start = Date.parse('2026-06-01T00:00:00Z')
    const now = () => new Date(start + days * DAY_MS)
    const bookUsage = usageBook(db, parts.client)
    const log = createLog('silent')
    const handlers = handlersOf({ db, queue, judges, source: parts.source, now, log, replay: false, bookUsage })
    const look = async (day: number) => {
      days = day
      parts.github.counters.reset()
      await queue.enqueue('discover-repositories', { orgId: org.id })
      await queue.drain(handlers, new AbortController().signal)
      return parts.github.counters.byRoute
    }
    type Facts = Record<string, unknown>
    const change = (edit: (settings: Facts, web: Record<'properties', Facts>) => void) => {
      const path = join(dir, 'plumbline.json')
      const facts = JSON.parse(readFileSync(path, 'utf8'))
      edit(facts.repositories.web.settings, facts.repositories.web)
      writeFileSync(path, JSON.stringify(facts))
      // The host looks at the folder again when its date changes.
      writeFileSync(join(dir, `touched-${days}`), '')
    }
    return { org, look, change }
  }

  test('a custom property that changes has its repository judged by what its new group demands', async () => {
    const { org, look, change } = await acmeCrawled()
    await look(0)
    const text =
      'version: 1\ngroups: [{ name: First, match: { properties: { tier: 1 } }, items: { pin-actions: 3 } }]\n'
    const by = { id: 'one', name: 'One' }
    const { db } = database
    await inTransaction(db, tx =>
      addPolicyVersion(tx, { orgId: org.id, basedOn: 0, text, note: '', moved: 0, by }, new Date('2026-06-01')),
    )
    const judgedBy = async () => {
      const scans = await db.scan.findMany({ where: { latestOf: { isNot: null } }, orderBy: { repositoryId: 'asc' } })
      return new Map(scans.map(({ repositoryId, policyHash }) => [repositoryId, policyHash]))
    }
    const plain = await judgedBy()
    await look(1.1)
    const grouped = await judgedBy()
    const moved = [...grouped].filter(([id, hash]) => plain.get(id) !== hash).map(([id]) => id)
    expect(moved).toEqual([WEB])
    change((_, web) => {
      web.properties.tier = '2'
    })
    await look(2.2)
    expect(await judgedBy()).toEqual(plain)
  })

  const snapshots = () =>
    database.db.snapshot.findMany({
      where: { repositoryId: WEB },
      select: { settings: true, takenAt: true, headOid: true, _count: { select: { scans: true } } },
      orderBy: { id: 'asc' },
    })

  test('stand in the last snapshot, are looked at once a day, and a change makes a new snapshot', async () => {
    const { org, look, change } = await acmeCrawled()
    expect(await look(0)).toMatchObject({
      'GET /orgs/{org}/repos': 1,
      'GET /orgs/{org}/actions/permissions': 1,
      'GET /repos/{owner}/{repo}/actions/permissions': 1,
      'graphql ReadTeams': 1,
    })
    const first = await snapshots()
    expect(first.map(({ _count }) => _count.scans)).toEqual([1, 1])
    expect(first.at(-1)?.settings).toEqual({
      vulnerabilityAlerts: true,
      securityUpdates: true,
      secretScanning: false,
      shaPinningRequired: null,
      defaultBranchProtected: true,
      defaultBranchAllows: [],
      protectedEnvironments: [],
      reasons: { shaPinningRequired: 'The token may not read this. It needs administration: read.' },
    })
    const { teams, topics, propertyOwners } = await database.db.repository.findUniqueOrThrow({ where: { id: WEB } })
    expect([teams, topics, propertyOwners]).toEqual([['front'], ['shop'], ['front', '@ada', 'till']])

    expect(await look(0.1)).toEqual({ 'POST /graphql': 1, 'graphql ListRepositories': 1 })
    expect(await snapshots()).toHaveLength(2)

    change(settings => {
      settings.secretScanning = true
    })
    expect(await look(1.1)).toMatchObject({ 'GET /orgs/{org}/repos': 1, 'graphql ListRepositories': 1 })
    const after = await snapshots()
    expect(after.map(({ _count }) => _count.scans)).toEqual([1, 1, 1])
    expect(after.at(-1)).toMatchObject({
      settings: { secretScanning: true, defaultBranchProtected: true },
      takenAt: new Date('2026-06-02T02:24:00Z'),
      headOid: after[0]?.headOid,
    })
    // A guard that was there yesterday may have been left out of a wide listing: it is asked for by itself.
    change(settings => {
      settings.defaultBranchProtected = false
    })
    expect(await look(2.2)).toMatchObject({ 'graphql ReadProtection': 1 })
    expect((await snapshots()).at(-1)?.settings).toMatchObject({ defaultBranchProtected: false })
    const { capabilities } = await readCrawls(database.db, { orgId: org.id, sees: { all: true } })
    expect(capabilities).toEqual([
      {
        name: 'Actions policy of repositories',
        state: 'denied',
        reason: expect.stringMatching(/administration: read/),
      },
      { name: 'Actions policy of the organisation', state: 'ok', reason: null },
      { name: 'Branch protection', state: 'ok', reason: null },
      { name: 'Security settings', state: 'ok', reason: null },
      { name: 'Teams', state: 'ok', reason: null },
    ])
  })

  test('that only a repository tells are asked of it once a week', async () => {
    const { look, change } = await acmeCrawled()
    await look(0)
    change(settings => {
      settings.shaPinningRequired = true
    })
    const own = 'GET /repos/{owner}/{repo}/actions/permissions'
    expect((await look(2))[own]).toBeUndefined()
    expect((await look(7.1))[own]).toBe(1)
    expect((await snapshots()).at(-1)?.settings).toMatchObject({ shaPinningRequired: true, reasons: {} })
  })

  test('that could not be asked for now stay as they were', async () => {
    const failing = { on: { route: 'GET /orgs/{org}/repos' }, from: 2, fault: { kind: 'server-error' } } as const
    const { look } = await acmeCrawled([failing])
    await look(0)
    const before = await snapshots()
    await look(1.1)
    expect(await snapshots()).toEqual(before)
  })
})
