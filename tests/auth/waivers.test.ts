import { expect, test } from 'vitest'
import { exportQuery } from '#lib/api/exports.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import { type WaiverTarget, type WaiverWish, waiversQuery } from '#lib/api/waivers.ts'
import { type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'
import { askForWaiver, decideOnWaiver } from '#lib/auth/waivers.ts'
import { readAudit, verifyAudit } from '#lib/store/audit.ts'
import { type ExportRow, exportRows } from '#lib/store/exports/files.ts'
import { endWaivers } from '#lib/store/laying.ts'
import { readCheckCounts } from '#lib/store/pages/checks.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { readWaivers } from '#lib/store/pages/waivers.ts'
import { saveAccess } from '#lib/store/people.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '../store/counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, whole } from '../store/made.ts'

function viewer(role: Role, name: string = role): Viewer {
  return { id: name, name, role, sees: seesOf(role, name), via: 'session', scopes: null, address: '192.0.2.7' }
}
const maintainer = viewer('maintainer')
const security = viewer('security')

const OF_A: WaiverTarget = { scope: 'finding', checkId: 'pinned', fingerprint: 'a' }

describeDatabases('waivers', database => {
  const scope = { orgId: 1, sees: { all: true } } as const

  function wish(target: WaiverTarget = OF_A, more: Partial<WaiverWish> = {}): WaiverWish {
    return {
      repository: 'one',
      target,
      reason: 'fix-planned',
      words: 'It is replaced in spring.',
      lastDay: '2026-02-09',
      ...more,
    }
  }

  /** `pinned` finds `a` and `b` at two of four places, `least` nothing at one, both of one item. */
  async function scanned(commit: string, at: number, names = ['a', 'b']): Promise<void> {
    const found = names.map(name =>
      finding(name, { evidence: { path: `${name}.yml`, startLine: 1, endLine: 1, excerpt: name } }),
    )
    const value = 1 - names.length / 4
    const checks = [
      result('pinned', found, { value, outcome: names.length > 0 ? 'fail' : 'pass' }),
      result('least', []),
    ]
    const snapshotId = await crawl(database.db, 1, commit, { 'a.yml': commit })
    const judged = { repositoryId: 1n, snapshotId, headOid: oid(commit), report: report(checks), now: day(at) }
    await saveScans(database.db, [{ ...judged, checklistVersion: 'v1', policyHash: 'p1' }])
  }

  async function org(): Promise<void> {
    await makeOrg(database.db, [listed(1, 'one'), listed(2, 'hidden', { visibility: 'private' })])
    const id = maintainer.id
    await database.db.user.create({ data: { id, name: id, email: `${id}@example.test` } })
    await saveAccess(database.db, id, { login: null, teams: [], rights: [{ id: 1n, writes: true }] }, day(1))
    await scanned('c1', 2)
  }

  const card = (at: Date) => readScorecard(database.db, scope, 'one', at, undefined)

  async function pinned(at = day(40)) {
    const scorecard = await card(at)
    const check = scorecard?.checks.find(({ id }) => id === 'pinned')
    return [check?.outcome, check?.failing, check?.waived, scorecard?.scan?.score]
  }

  const ask = (by: Viewer, what = wish(), at = day(10)) => askForWaiver(database.db, by, 1, what, at)
  const decide = (by: Viewer, decision: Parameters<typeof decideOnWaiver>[3], at = day(11)) =>
    decideOnWaiver(database.db, by, 1, decision, at)

  test('asked for it changes nothing; granted its finding leaves the sum and is no pass; ended it counts again', async () => {
    await org()
    const id = await ask(maintainer)
    expect(await pinned()).toEqual(['fail', 2, 0, 50])
    await decide(security, { deed: 'grant', id, lastDay: '2026-02-09', words: '' })
    // Of four places one is waived: one of three is wrong, and the item is the mean of that and a check that passes.
    expect(await pinned()).toEqual(['fail', 1, 1, 83])
    const other = await ask(
      security,
      wish({ scope: 'path', checkId: null, path: 'b.*' }, { lastDay: '2026-01-19' }),
      day(12),
    )
    expect(await pinned()).toEqual(['waived', 0, 2, 100])
    const whole = await card(day(13))
    expect(whole?.scan).toMatchObject({ itemsMet: 0, waivedFindings: 2, grade: 'A' })
    expect(whole?.waivers.map(({ id, state, findings }) => [id, state, findings])).toEqual([
      [other, 'granted', 1],
      [id, 'granted', 1],
    ])
    // The twentieth begins: the moment before nothing ends, whenever the job comes the scan is of that moment.
    expect(await endWaivers(database.db, new Date(day(20).getTime() - 1))).toBe(0)
    expect(await endWaivers(database.db, day(25))).toBe(1)
    expect(await pinned()).toEqual(['fail', 1, 1, 83])
    expect((await card(day(25)))?.timeline.map(({ at, waived }) => [at, waived])).toEqual([
      [day(20), 1],
      [day(12), 2],
      [day(11), 1],
      [day(2), 0],
    ])
    expect(await endWaivers(database.db, day(25))).toBe(0)
    await endWaivers(database.db, day(60))
    expect(await pinned()).toEqual(['fail', 2, 0, 75])
  })

  test('everywhere a state is counted it is apart, in kept figures as in those counted anew', async () => {
    await org()
    await ask(security, wish({ scope: 'check', checkId: 'pinned' }))
    const outsider = { orgId: 1, sees: { all: false, userId: 'nobody' } } as const
    const counts = { pass: 0, waived: 1, fail: 0, unknown: 0, 'not-applicable': 0 }
    const range = rangeOf(trendsQuery.parse({ from: '2026-01-09', to: '2026-01-12' }), day(13))
    for (const own of [scope, outsider]) {
      const overview = await readOverview(database.db, own, day(5), day(13))
      expect(overview.items.find(({ item }) => item === 'pin-actions')).toMatchObject({ counts, passBefore: 0 })
      expect(overview.newlyFailing).toEqual([])
      expect((await readCheckCounts(database.db, own)).get('pinned')).toMatchObject({ counts, findings: 0 })
      const trends = await readTrends(database.db, own, { check: 'pinned' }, range)
      expect(trends.subject?.map(({ counts: { fail, waived } }) => [fail, waived])).toEqual([
        [1, 0],
        [1, 0],
        [0, 1],
        [0, 1],
        [0, 1],
      ])
    }
    const list = async (outcome: string) => {
      const rows = await Promise.all(
        [{ item: 'pin-actions' }, { check: 'pinned' }, {}].map(what =>
          readRepositories(database.db, scope, repositoriesQuery.parse({ ...what, outcome }), day(13)),
        ),
      )
      return rows.map(({ total }) => total)
    }
    expect([await list('waived'), await list('pass'), await list('fail')]).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect((await readRemediation(database.db, scope, 'one'))?.steps).toEqual([])
    const files = await Promise.all(
      (['repositories', 'checks', 'findings', 'waivers'] as const).map(async what => {
        const batches = exportRows(database.db, what, { scope, query: exportQuery.parse({}), now: day(13) })
        const rows: ExportRow[] = []
        for await (const batch of batches) rows.push(...batch)
        return rows
      }),
    )
    const [repositories, checks, findings, waivers] = files
    expect(repositories?.find(row => row.repository === 'one')).toMatchObject({
      item_pin_actions: 'waived',
      open_findings: 0,
      waived_findings: 2,
    })
    expect(checks?.map(row => [row.check, row.outcome, row.failing, row.waived])).toEqual([
      ['least', 'pass', 0, 0],
      ['pinned', 'waived', 0, 2],
    ])
    expect(findings?.map(row => [row.state, row.waiver, row.waived_until])).toEqual([
      ['waived', 1, day(41)],
      ['waived', 1, day(41)],
    ])
    expect(waivers).toMatchObject([{ waiver: 1, state: 'granted', scope: 'check', asked_by: 'security', findings: 2 }])
  })

  test('the next looks keep it over the same finding wherever that stands, and what is fixed needs none', async () => {
    await org()
    await ask(security)
    await scanned('c2', 12, ['a', 'b', 'c'])
    expect(await pinned()).toEqual(['fail', 2, 1, 66])
    await scanned('c3', 13, ['a'])
    expect(await pinned()).toEqual(['waived', 0, 1, 100])
    await scanned('c4', 14, [])
    expect((await pinned()).slice(0, 3)).toEqual(['pass', 0, 0])
    await scanned('c5', 50, ['a'])
    expect((await pinned()).slice(0, 3)).toEqual(['fail', 1, 0])
  })

  test('what could not be looked at is waived by nothing', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const snapshotId = await crawl(database.db, 1, 'c1', { 'a.yml': '1' })
    const unknown = result('pinned', [], { outcome: 'unknown', value: null, reason: 'No permission.' })
    const judged = { repositoryId: 1n, snapshotId, headOid: oid('c1'), report: report([unknown]), now: day(2) }
    await saveScans(database.db, [{ ...judged, checklistVersion: 'v1', policyHash: 'p1' }])
    await ask(security, wish({ scope: 'repository' }))
    expect((await pinned()).slice(0, 3)).toEqual(['unknown', 0, 0])
  })

  test('refused, withdrawn, renewed, revoked: each is told in its history and in the log', async () => {
    await org()
    const refused = await ask(maintainer)
    await decide(security, { deed: 'refuse', id: refused, words: 'Fix it instead, please.' })
    const withdrawn = await ask(maintainer)
    await decide(maintainer, { deed: 'withdraw', id: withdrawn })
    const id = await ask(security)
    await decide(security, { deed: 'renew', id, lastDay: '2026-03-01', words: 'The vendor is late.' })
    await endWaivers(database.db, day(45))
    expect((await pinned())[2]).toBe(1)
    await decide(security, { deed: 'revoke', id, words: 'The vendor delivered.' }, day(46))
    expect((await pinned())[2]).toBe(0)
    const { rows, counts } = await readWaivers(database.db, scope, waiversQuery.parse({ list: 'over' }), day(47))
    expect(rows.map(({ state, events }) => [state, events.map(({ what }) => what)]).sort()).toEqual([
      ['refused', ['asked', 'refused']],
      ['revoked', ['asked', 'granted', 'renewed', 'revoked']],
      ['withdrawn', ['asked', 'withdrawn']],
    ])
    expect(counts).toEqual({ asked: 0, 'in-force': 0, ending: 0, over: 3, all: 3 })
    const log = await readAudit(database.db, { action: 'waiver', limit: 50 })
    expect(log.map(({ action, name }) => `${name} ${action}`).reverse()).toEqual([
      'maintainer waiver.asked',
      'security waiver.refused',
      'maintainer waiver.asked',
      'maintainer waiver.withdrawn',
      'security waiver.asked',
      'security waiver.granted',
      'security waiver.renewed',
      'security waiver.revoked',
    ])
    expect((await verifyAudit(database.db)).brokenAt).toBeNull()
  })

  test('an expired one can be renewed, and stands from then on', async () => {
    await org()
    const id = await ask(security, wish(OF_A, { lastDay: '2026-01-19' }))
    await endWaivers(database.db, day(20))
    expect((await pinned())[2]).toBe(0)
    await decide(
      security,
      { deed: 'renew', id, lastDay: '2026-02-20', words: 'It takes longer than thought.' },
      day(25),
    )
    expect((await pinned())[2]).toBe(1)
    const log = await readAudit(database.db, { action: 'waiver.expired', limit: 5 })
    expect(log.map(({ actor, at, resource }) => [actor, at, resource])).toEqual([['system', day(20), `waiver:${id}`]])
  })

  test('who may not, may not: rights, hidden repositories, ends, doubles', async () => {
    await org()
    await expect(ask(viewer('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(ask(viewer('auditor'))).rejects.toMatchObject({ code: 'forbidden' })
    const id = await ask(maintainer)
    await expect(ask(maintainer)).rejects.toMatchObject({ code: 'conflict' })
    const grant = { deed: 'grant', id, lastDay: '2026-02-09', words: '' } as const
    await expect(decide(maintainer, grant)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(decide(viewer('maintainer', 'other'), { deed: 'withdraw', id })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await decide(security, grant)
    await expect(decide(security, grant)).rejects.toMatchObject({ code: 'conflict' })
    const past = wish({ scope: 'repository' }, { lastDay: '2026-01-09' })
    await expect(ask(security, past)).rejects.toMatchObject({ code: 'invalid-input' })
    const far = wish({ scope: 'repository' }, { lastDay: '2026-07-10' })
    await expect(ask(security, far)).rejects.toThrow('180 days at most: until 2026-07-09')
    const unseen = wish({ scope: 'repository' }, { repository: 'hidden' })
    await expect(ask(maintainer, unseen)).rejects.toMatchObject({ code: 'not-found' })
    const gone = wish({ scope: 'finding', checkId: 'pinned', fingerprint: 'zzz' })
    await expect(ask(maintainer, gone)).rejects.toMatchObject({ code: 'not-found' })
    const hidden = await ask(security, unseen)
    await expect(decide(maintainer, { deed: 'withdraw', id: hidden })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('two decisions at the same moment: one is carried out, the other is told', async () => {
    await org()
    const id = await ask(maintainer)
    const both = await Promise.allSettled([
      decide(security, { deed: 'grant', id, lastDay: '2026-02-09', words: '' }),
      decide(viewer('owner'), { deed: 'refuse', id, words: 'Not on my watch.' }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('the list asks no more for more waivers', async () => {
    await org()
    for (const path of ['a.*', 'b.*', 'c.*', 'd.*']) await ask(security, wish({ scope: 'path', checkId: null, path }))
    const asked = () => readWaivers(database.db, whole({ id: 1 }), waiversQuery.parse({}), day(12))
    const { result: list, queries } = await countedQueries(asked)
    expect([list.list, list.rows.length, list.total]).toEqual(['in-force', 4, 4])
    expect(queries).toBeLessThanOrEqual(2)
  })
})
