import { expect, test } from 'vitest'
import { EXPORTS, exportQuery } from '#lib/api/exports.ts'
import type { Scope } from '#lib/api/frame.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { rangeOf } from '#lib/api/trends.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { waiversQuery } from '#lib/api/waivers.ts'
import { inTransaction } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { listWaivers } from '#lib/store/pages/api.ts'
import { readCheck, readCheckCounts } from '#lib/store/pages/checks.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { readWaivers } from '#lib/store/pages/waivers.ts'
import { saveAccess } from '#lib/store/people.ts'
import { queueRepositories, saveOutcomes, startRun } from '#lib/store/runs.ts'
import { saveScans } from '#lib/store/scans.ts'
import { addWaiver } from '#lib/store/waivers.ts'
import { describeDatabases, type TestDatabase } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../made.ts'

const SECRET = 'secret-project'

/** `open` is public; `secret-project` is private, and only `insider` is shown it by GitHub. */
async function organisation({ db }: TestDatabase) {
  const org = await makeOrg(db, [
    listed(1, 'open'),
    listed(2, SECRET, { visibility: 'private', topics: [SECRET], primaryLanguage: `${SECRET}-language` }),
  ])
  await db.repository.updateMany({ where: { id: 2n }, data: { teams: [`${SECRET}-team`] } })
  for (const id of ['insider', 'outsider'])
    await db.user.create({ data: { id, name: id, email: `${id}@example.test` } })
  await saveAccess(db, 'insider', { login: null, rights: [{ id: 2n, writes: false }], teams: [] }, day(1))
  for (const [id, name] of [
    [1, 'open'],
    [2, SECRET],
  ] as const) {
    const snapshotId = await crawl(db, id, `c${id}`, { 'a.yml': `${name}\n` })
    const found = finding(`f-${name}`, { message: `${name} is wrong.` })
    await saveScans(db, [
      {
        repositoryId: BigInt(id),
        snapshotId,
        headOid: oid(`c${id}`),
        checklistVersion: 'v1',
        policyHash: 'p1',
        now: day(2),
        report: report([result('pinned', [found])]),
      },
    ])
  }
  const wish = {
    target: { scope: 'check', checkId: 'pinned' },
    reason: 'retiring',
    words: `${SECRET} ends soon.`,
  } as const
  const asked = { ...wish, repositoryId: 2n, subject: 'pinned', until: day(90) }
  await inTransaction(db, tx => addWaiver(tx, asked, { id: 'insider', name: 'insider' }, day(2)))
  const runId = await startRun(db, { orgId: org.id, kind: 'first', now: day(2) })
  await inTransaction(db, tx => queueRepositories(tx, runId, [{ id: 2n, name: SECRET }], day(2)))
  await saveOutcomes(db, runId, [{ repositoryId: 2n, name: SECRET, outcome: 'denied', reason: 'No.' }], day(2))
  const scopeOf = (userId: string): Scope => ({ orgId: org.id, sees: { all: false, userId } })
  return { outsider: scopeOf('outsider'), insider: scopeOf('insider') }
}

async function fileOf(batches: AsyncIterable<object[]>): Promise<object[]> {
  const rows: object[] = []
  for await (const batch of batches) rows.push(...batch)
  return rows
}

/** Everything that pages and files read, as text. */
async function everything({ db }: TestDatabase, scope: Scope): Promise<string> {
  const now = day(40)
  const answers = await Promise.all([
    readFrame(db, scope.sees, null),
    readOverview(db, scope, day(1), now),
    readTrends(db, scope, {}, rangeOf({}, now)),
    ...EXPORTS.map(what => fileOf(exportRows(db, what, { scope, query: exportQuery.parse({ archived: 'all' }), now }))),
    readRepositories(db, scope, repositoriesQuery.parse({ archived: 'all' }), now),
    readCheckCounts(db, scope).then(counts => [...counts]),
    readCheck(db, scope, 'pinned'),
    readCrawls(db, scope),
    readWaivers(db, scope, waiversQuery.parse({ list: 'all' }), now),
    listWaivers(db, scope, ENDPOINTS.waivers.query.parse({}), now),
    readScorecard(db, scope, SECRET, now, undefined),
    readRemediation(db, scope, SECRET),
    readChanges(db, scope, SECRET, null),
    readPatch(db, scope, SECRET, { safe: false }),
  ])
  return JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

describeDatabases('a repository that GitHub does not show to somebody', database => {
  test('is nowhere: not in lists, figures, filters, scorecards, crawls', async () => {
    const { outsider, insider } = await organisation(database)
    expect(await everything(database, outsider)).not.toContain(SECRET)
    expect(await everything(database, insider)).toContain(SECRET)
  })

  test('is not counted in a crawl, of few repositories or of very many', async () => {
    const { outsider, insider } = await organisation(database)
    const told = async (scope: Scope) =>
      (await readCrawls(database.db, scope)).runs.map(({ total, done, outcomes }) => ({ total, done, outcomes }))
    for (const total of [1, 100_000]) {
      await database.db.crawlRun.updateMany({ data: { total } })
      expect(await told(insider)).toEqual([{ total: 1, done: 1, outcomes: { denied: 1 } }])
      expect(await told(outsider)).toEqual([{ total: 0, done: 0, outcomes: {} }])
    }
  })

  test('is not counted, and cannot be found out by filters', async () => {
    const { outsider, insider } = await organisation(database)
    const total = async (scope: Scope, query: object) =>
      (await readRepositories(database.db, scope, repositoriesQuery.parse(query), day(40))).total
    for (const query of [{}, { q: 'secret' }, { team: `${SECRET}-team` }, { check: 'pinned', outcome: 'fail' }]) {
      const [seen, hidden] = [await total(insider, query), await total(outsider, query)]
      expect(seen - hidden, JSON.stringify(query)).toBe(1)
    }
    const findings = async (scope: Scope) => (await readCheckCounts(database.db, scope)).get('pinned')?.findings
    expect(await findings(outsider)).toBe(1)
    expect(await findings(insider)).toBe(2)
  })
})
