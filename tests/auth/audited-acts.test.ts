import { expect, test } from 'vitest'
import { takeFixes } from '#lib/auth/fixes.ts'
import { makeKey, revokeKey } from '#lib/auth/keys.ts'
import { askForLook } from '#lib/auth/looks.ts'
import { giveRole, shutOut } from '#lib/auth/members.ts'
import { type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'
import { askForTrial, savePolicy } from '#lib/auth/policy.ts'
import { changeSettings, forgetSettings } from '#lib/auth/stored-settings.ts'
import { askForTests } from '#lib/auth/token-tests.ts'
import { askForWaiver, decideOnWaiver } from '#lib/auth/waivers.ts'
import { readAudit, trimAudit, verifyAudit } from '#lib/store/audit.ts'
import type { Database } from '#lib/store/database.ts'
import { endWaivers } from '#lib/store/laying.ts'
import { saveAccess } from '#lib/store/people.ts'
import { moveTrial } from '#lib/store/policies.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../store/made.ts'

const TEXT = 'on: push\n- uses: a/b@v1\n'
const SETTINGS = { secrets: ['a-secret-of-the-test-longer-than-it-must-be'], environment: {} } as const

const words = 'It is replaced in spring.'
const wish = (repository: string) => ({
  ...{ repository, target: { scope: 'check', checkId: 'pinned' } as const },
  ...{ reason: 'fix-planned' as const, words, lastDay: '2026-02-09' },
})

function person(role: Role, id: string = role): Viewer {
  return { id, name: id, role, sees: seesOf(role, id), via: 'session', scopes: null, address: '192.0.2.7' }
}
const [owner, security, maintainer] = [person('owner'), person('security'), person('maintainer')]

/** One judged repository with a fix, and its people: one who maintains it, and one of whom GitHub says nothing. */
async function acme(db: Database): Promise<number> {
  const { id: orgId } = await makeOrg(db, [listed(1, 'one'), listed(2, 'vault', { visibility: 'private' })])
  for (const id of ['owner', 'security', 'maintainer', 'other'])
    await db.user.create({ data: { id, name: id, email: `${id}@example.test`, role: id === 'other' ? 'viewer' : id } })
  await saveAccess(db, 'maintainer', { login: null, teams: [], rights: [{ id: 1n, writes: true }] }, day(1))
  for (const [repositoryId, commit] of [
    [1n, 'c1'],
    [2n, 'c2'],
  ] as const) {
    const snapshotId = await crawl(db, Number(repositoryId), commit, { 'a.yml': TEXT })
    const start = TEXT.indexOf('v1')
    const edits = [{ kind: 'replace', path: 'a.yml', start, end: start + 2, text: 'abc' } as const]
    const found = finding('v1', { patch: { title: 'Pin', safety: 'safe', edits }, diff: 'kept' })
    const judged = { report: report([result('pinned', [found])]), checklistVersion: 'v1', policyHash: 'p1' }
    await saveScans(db, [{ repositoryId, snapshotId, headOid: oid(commit), now: day(2), ...judged }])
  }
  return orgId
}

describeDatabases('what somebody does', database => {
  /** What one act writes into the log: kind and who, oldest first. */
  async function written(act: () => Promise<unknown>): Promise<string[]> {
    const [last] = await readAudit(database.db, { limit: 1 })
    await act()
    const rows = await readAudit(database.db, { limit: 20 })
    return rows
      .filter(({ seq }) => seq > (last?.seq ?? 0n))
      .toReversed()
      .map(({ actor, action, address }) => `${actor} ${action}${actor === 'system' || address !== null ? '' : ' ?'}`)
  }

  test('each act is one row of the log, in its own words, with who and from where', async () => {
    const { db } = database
    const orgId = await acme(db)
    let waiver = 0
    const asked =
      (by: Viewer, name = 'one') =>
      async () => {
        waiver = await askForWaiver(db, by, orgId, wish(name), day(10))
      }
    const decided = (by: Viewer, decision: object) => () =>
      decideOnWaiver(db, by, orgId, { id: waiver, ...decision } as Parameters<typeof decideOnWaiver>[3], day(11))
    const query = { safe: false }
    const trial = async () => {
      const id = await askForTrial(db, security, { orgId, text: 'weights: {}\n', basedOn: 0 }, day(12))
      await moveTrial(db, id, { state: 'done', total: 0, done: 0, moved: [] })
      return id
    }
    const trialId = await trial()
    const metrics = { group: 'webhooks', values: { GITHUB_WEBHOOK_SECRET: 'x'.repeat(20) } }
    const acts: [() => Promise<unknown>, string[]][] = [
      [() => makeKey(db, maintainer, { name: 'k', scopes: ['read'], days: 1 }, day(3)), ['maintainer key.made']],
      [
        async () => revokeKey(db, maintainer, (await db.apiKey.findFirstOrThrow()).id, day(3)),
        ['maintainer key.revoked'],
      ],
      [() => giveRole(db, owner, { id: 'other', role: 'auditor' }, day(3)), ['owner member.role']],
      [() => shutOut(db, owner, 'other', day(3)), ['owner member.shut-out']],
      [
        () => takeFixes(db, maintainer, { orgId, org: 'acme', name: 'one', query }, day(3)),
        ['maintainer fix.downloaded'],
      ],
      [() => askForLook(db, maintainer, { orgId, name: 'one' }, day(3)), ['maintainer crawl.asked']],
      [() => askForLook(db, security, { orgId, name: 'one' }, day(3)), []],
      [() => changeSettings(db, owner, metrics, { ...SETTINGS, now: day(3) }), ['owner setting.set']],
      [() => changeSettings(db, owner, metrics, { ...SETTINGS, now: day(3) }), []],
      [() => forgetSettings(db, owner, 'webhooks', day(3)), ['owner setting.removed']],
      [() => askForTests(db, owner, day(3)), ['owner token.tested']],
      // The test that is waited for is the one.
      [() => askForTests(db, owner, day(3)), []],
      [asked(maintainer), ['maintainer waiver.asked']],
      [decided(maintainer, { deed: 'withdraw' }), ['maintainer waiver.withdrawn']],
      [asked(maintainer), ['maintainer waiver.asked']],
      [decided(security, { deed: 'refuse', words }), ['security waiver.refused']],
      [asked(maintainer), ['maintainer waiver.asked']],
      [decided(security, { deed: 'grant', lastDay: '2026-02-09', words }), ['security waiver.granted']],
      [decided(security, { deed: 'renew', lastDay: '2026-02-19', words }), ['security waiver.renewed']],
      [decided(security, { deed: 'revoke', words }), ['security waiver.revoked']],
      [asked(security, 'vault'), ['security waiver.asked', 'security waiver.granted']],
      [() => endWaivers(db, day(60)), ['system waiver.expired']],
      [() => endWaivers(db, day(60)), []],
      [() => savePolicy(db, security, { orgId, trialId, note: 'why' }, day(12)), ['security policy.changed']],
      [() => trimAudit(db, day(4), day(80)), ['system audit.trimmed']],
    ]
    for (const [act, rows] of acts) expect(await written(act), rows.join()).toEqual(rows)
    expect(await verifyAudit(db)).toMatchObject({ brokenAt: null })
  })

  test('what is refused changes nothing and is no act', async () => {
    const { db } = database
    const orgId = await acme(db)
    const fixes =
      (by: Viewer, name = 'one') =>
      () =>
        takeFixes(db, by, { orgId, org: 'acme', name, query: { safe: false } }, day(3))
    const refused: [() => Promise<unknown>, string][] = [
      [fixes(person('viewer', 'other')), 'forbidden'],
      [fixes(person('maintainer', 'other')), 'forbidden'],
      [fixes({ ...owner, scopes: ['read'], via: 'key' }), 'forbidden'],
      [fixes(maintainer, 'vault'), 'not-found'],
      [fixes(maintainer, 'never-was'), 'not-found'],
      // Shown by GitHub, and not to be written to.
      [() => askForWaiver(db, person('maintainer', 'other'), orgId, wish('one'), day(3)), 'forbidden'],
      [() => askForWaiver(db, maintainer, orgId, wish('vault'), day(3)), 'not-found'],
      [() => giveRole(db, security, { id: 'other', role: 'owner' }, day(3)), 'forbidden'],
      [() => shutOut(db, maintainer, 'other', day(3)), 'forbidden'],
      [() => savePolicy(db, maintainer, { orgId, trialId: 1, note: '' }, day(3)), 'forbidden'],
      [() => forgetSettings(db, security, 'webhooks', day(3)), 'forbidden'],
      [() => askForTests(db, security, day(3)), 'forbidden'],
      [() => askForLook(db, person('viewer', 'other'), { orgId, name: 'one' }, day(3)), 'forbidden'],
    ]
    for (const [act, code] of refused)
      expect(await written(() => expect(act(), code).rejects.toMatchObject({ code }))).toEqual([])
    for (const by of [owner, security, person('auditor')])
      expect((await fixes(by, 'vault')()).diff).toContain('+- uses: a/b@abc')
  })
})
