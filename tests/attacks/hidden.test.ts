import { expect, test } from 'vitest'
import { EXPORTS, exportQuery } from '#lib/api/exports.ts'
import type { Scope } from '#lib/api/frame.ts'
import { repositoriesQuery, SORTS } from '#lib/api/repositories.ts'
import { rangeOf } from '#lib/api/trends.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import type { Database } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { findRepository, listFindings, listRepositories } from '#lib/store/pages/api.ts'
import { readCheckCounts, readFailing } from '#lib/store/pages/checks.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '#tests/store/counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '#tests/store/made.ts'

const NOW = day(40)
/** In the middle of what is sorted, and with what every filter asks for. */
const VAULT = listed(502, 'm-vault', { visibility: 'private', topics: ['hidden-topic'], primaryLanguage: 'Hidden' })
const OPEN = [listed(501, 'a-open'), listed(503, 'z-open')]

/** The organisation with or without the private repository; somebody whom GitHub does not show it. */
async function organisation(db: Database, withVault: boolean): Promise<Scope> {
  const repositories = withVault ? [...OPEN, VAULT] : OPEN
  const org = await makeOrg(db, repositories)
  await db.user.create({ data: { id: 'outsider', name: 'outsider', email: 'outsider@example.test' } })
  for (const { id, name } of repositories) {
    const snapshotId = await crawl(db, Number(id), `c${id}`, { 'a.yml': `${name}\n` })
    const score = name === VAULT.name ? 100 : 40
    await saveScans(db, [
      {
        repositoryId: id,
        snapshotId,
        headOid: oid(`c${id}`),
        checklistVersion: 'v1',
        policyHash: 'p1',
        now: day(2),
        report: report([result('pinned', [finding(`f-${name}`)])], { score, grade: score === 100 ? 'A' : 'F' }),
      },
    ])
  }
  if (withVault) await db.repository.update({ where: { id: VAULT.id }, data: { teams: ['hidden-team'] } })
  return { orgId: org.id, sees: { all: false, userId: 'outsider' } }
}

/** Every way to ask for a list that narrows or orders it. */
const QUERIES: readonly object[] = [
  ...SORTS.flatMap(sort => ['asc', 'desc'].map(order => ({ sort, order }))),
  ...['m-vault', 'vault', 'm', '%', '_', '\\', '(a+)+$'].map(q => ({ q })),
  { only: 'm-vault,a-open' },
  { team: 'hidden-team' },
  { topic: 'hidden-topic' },
  { language: 'Hidden' },
  { visibility: 'private' },
  { grade: 'A' },
  { check: 'pinned', outcome: 'fail' },
  { archived: 'all' },
  { page: 2 },
]

const API: readonly object[] = [
  {},
  { q: 'vault' },
  { grade: 'A' },
  { team: 'hidden-team' },
  { limit: 1 },
  { archived: 'all' },
]

/** Every answer that somebody can get, whatever is asked, as text. */
async function everyAnswer(db: Database, scope: Scope): Promise<string[]> {
  const asked: [string, unknown][] = [
    ['frame', await readFrame(db, scope.sees)],
    ['overview', await readOverview(db, scope, day(1), NOW)],
    ['trends', await readTrends(db, scope, {}, rangeOf({}, NOW))],
    ['trend of a hidden team', await readTrends(db, scope, { team: 'hidden-team' }, rangeOf({}, NOW))],
    ['counts', [...(await readCheckCounts(db, scope))]],
    ['failing', await readFailing(db, scope, 'pinned')],
    ['api findings', (await listFindings(db, scope, ENDPOINTS.findings.query.parse({}))).rows],
    ['api findings of it', await listFindings(db, scope, ENDPOINTS.findings.query.parse({ repository: VAULT.name }))],
  ]
  for (const query of QUERIES) {
    const parsed = repositoriesQuery.parse(query)
    asked.push([`list ${JSON.stringify(query)}`, await readRepositories(db, scope, parsed, NOW)])
    for (const what of EXPORTS) {
      const rows: object[] = []
      const file = exportRows(db, what, { scope, query: exportQuery.parse(query), now: NOW })
      for await (const batch of file) rows.push(...batch)
      asked.push([`export ${what} ${JSON.stringify(query)}`, rows])
    }
  }
  for (const query of API)
    asked.push([
      `api ${JSON.stringify(query)}`,
      await listRepositories(db, scope, ENDPOINTS.repositories.query.parse(query)),
    ])
  return asked.map(([what, answer]) => `${what}: ${plain(answer)}`)
}

/** Without the ids that a serial number of the database gives, and of which no answer tells. */
function plain(answer: unknown): string {
  return JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? 'id' : value))
}

/** Every address of one repository, by its name. */
const OF_ONE: Readonly<Record<string, (db: Database, scope: Scope, name: string) => Promise<unknown>>> = {
  scorecard: (db, scope, name) => readScorecard(db, scope, name, NOW, undefined),
  remediation: readRemediation,
  changes: (db, scope, name) => readChanges(db, scope, name, null),
  patch: (db, scope, name) => readPatch(db, scope, name, { safe: false }),
  api: findRepository,
}

describeDatabases('probing for a hidden repository', database => {
  test('every list, figure, filter, order, search, page and file is the same with and without it', async () => {
    const without = await everyAnswer(database.db, await organisation(database.db, false))
    await database.db.$executeRaw`truncate "Org", "User", "Tree", "Blob" restart identity cascade`
    expect(await everyAnswer(database.db, await organisation(database.db, true))).toEqual(without)
  })

  test('asking for it is answered as for one that is not there, by as many steps', async () => {
    const scope = await organisation(database.db, true)
    for (const [what, read] of Object.entries(OF_ONE)) {
      const hidden = await countedQueries(() => read(database.db, scope, VAULT.name))
      const absent = await countedQueries(() => read(database.db, scope, 'never-was'))
      expect(hidden.result, what).toBeNull()
      expect(absent.result, what).toBeNull()
      expect(hidden.queries, what).toBe(absent.queries)
    }
  })
})
