import { expect, test } from 'vitest'
import { EXPORTS, exportQuery } from '#lib/api/exports.ts'
import type { Scope } from '#lib/api/frame.ts'
import { inventoryQuery } from '#lib/api/inventory.ts'
import { repositoriesQuery, SORTS } from '#lib/api/repositories.ts'
import { rangeOf } from '#lib/api/trends.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { WAIVER_LISTS, waiversQuery } from '#lib/api/waivers.ts'
import type { Viewer } from '#lib/auth/permit.ts'
import { askForWaiver } from '#lib/auth/waivers.ts'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import type { Database } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import {
  findRepository,
  listActions,
  listActionUses,
  listFindings,
  listPackages,
  listPackageUses,
  listRepositories,
  listWaivers,
} from '#lib/store/pages/api.ts'
import { readCheck, readCheckCounts } from '#lib/store/pages/checks.ts'
import { readCrawls, readProgress } from '#lib/store/pages/crawls.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readRepositoryInventory } from '#lib/store/pages/inventory.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readOwners } from '#lib/store/pages/owners.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { readPolicyPage } from '#lib/store/pages/policy.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { readWaivers } from '#lib/store/pages/waivers.ts'
import { finishRunWhenDone, queueRepositories, saveOutcomes, startRun } from '#lib/store/runs.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '#tests/store/counted-queries.ts'
import { crawl, day, finding, listed, loaded, makeOrg, oid, report, result } from '#tests/store/made.ts'

const NOW = day(40)
/** In the middle of what is sorted, and with what every filter asks for. */
const VAULT = listed(502, 'm-vault', { visibility: 'private', topics: ['hidden-topic'], primaryLanguage: 'Hidden' })
const OPEN = [listed(501, 'a-open'), listed(503, 'z-open')]

const WISH = {
  target: { scope: 'check', checkId: 'pinned' },
  reason: 'fix-planned',
  words: 'Soon.',
  lastDay: '2026-03-01',
} as const

const SECURITY: Viewer = {
  id: 's',
  name: 'S',
  role: 'security',
  sees: { all: true },
  via: 'session',
  scopes: null,
  address: null,
}

function workflow(name: string): string {
  return `# ${name}\non: push\njobs:\n  a:\n    steps:\n      - uses: ${name}/own@v1\n      - uses: in/all@v1\n`
}

/** The organisation with or without the private repository; somebody whom GitHub does not show it. */
async function organisation(db: Database, withVault: boolean): Promise<Scope> {
  const repositories = withVault ? [VAULT, ...OPEN] : OPEN
  const org = await makeOrg(db, repositories)
  await db.user.create({ data: { id: 'outsider', name: 'outsider', email: 'outsider@example.test' } })
  for (const { id, name } of repositories) {
    const files = {
      'a.yml': `${name}\n`,
      'requirements.txt': `${name}-only==1.0\nin-all==2.0\n# ${name}`,
      '.github/workflows/a.yml': workflow(name),
    }
    const snapshotId = await crawl(db, Number(id), `c${id}`, files)
    await saveInventories(db, inventoriesOf((await loaded(db, snapshotId)).snapshot))
    await saveHoldings(db, [id])
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
  const runId = await startRun(db, { orgId: org.id, kind: 'poll', now: day(3) })
  await queueRepositories(db, runId, repositories, day(3))
  const outcomes = repositories.map(({ id, name }) => ({
    repositoryId: id,
    name,
    outcome: 'ok' as const,
    reason: null,
  }))
  await saveOutcomes(db, runId, outcomes, day(3))
  await finishRunWhenDone(db, runId, day(3))
  for (const { name: repository } of repositories)
    await askForWaiver(db, SECURITY, org.id, { ...WISH, repository }, day(3))
  if (withVault) await db.repository.update({ where: { id: VAULT.id }, data: { teams: ['hidden-team'] } })
  return { orgId: org.id, sees: { all: false, userId: 'outsider' } }
}

/** Every way to ask for a list that narrows or orders it. */
const QUERIES: readonly object[] = [
  ...SORTS.flatMap(sort => ['asc', 'desc'].map(order => ({ sort, order }))),
  ...['m-vault', 'vault', 'm', '%', '_', '\\', '(a+)+$'].map(q => ({ q })),
  { only: 'm-vault,a-open' },
  { team: 'hidden-team' },
  { owner: 'hidden-team' },
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
  // Of the newest scan's number only a mark ever leaves the server.
  const { coverage: { newestScan: _, ...coverage } = {}, ...frame } = (await readFrame(db, scope.sees, null)) ?? {}
  const asked: [string, unknown][] = [
    ['frame', { ...frame, coverage }],
    ['overview', await readOverview(db, scope, day(1), NOW)],
    ['owners', await readOwners(db, scope, day(1))],
    ['trends', await readTrends(db, scope, {}, rangeOf({}, NOW))],
    ['trend of a hidden team', await readTrends(db, scope, { team: 'hidden-team' }, rangeOf({}, NOW))],
    ['counts', [...(await readCheckCounts(db, scope))]],
    ['failing', await readCheck(db, scope, 'pinned')],
    [
      'api findings',
      await paged(cursor => listFindings(db, scope, ENDPOINTS.findings.query.parse({ limit: 1, cursor }))),
    ],
    ['api waivers', await listWaivers(db, scope, ENDPOINTS.waivers.query.parse({}), NOW)],
    ['crawls', await readCrawls(db, scope)],
    ['policy', await readPolicyPage(db, scope)],
    ['api findings of it', await listFindings(db, scope, ENDPOINTS.findings.query.parse({ repository: VAULT.name }))],
  ]
  const { run, scanned } = await readProgress(db, scope)
  asked.push(['progress', { run, scanned }])
  for (const list of WAIVER_LISTS)
    asked.push([`waivers ${list}`, await readWaivers(db, scope, waiversQuery.parse({ list }), NOW)])
  for (const q of ['', 'm', 'm-vault', 'm-vault-only', 'a', 'in', 'own', 'z', '%']) {
    const { packages, actions } = ENDPOINTS
    asked.push(
      [`packages ${q}`, await paged(cursor => listPackages(db, scope, packages.query.parse({ q, limit: 1, cursor })))],
      [`actions ${q}`, await paged(cursor => listActions(db, scope, actions.query.parse({ q, limit: 1, cursor })))],
    )
  }
  const { packageUses, actionUses } = ENDPOINTS
  for (const purl of ['pkg:pypi/in-all', 'pkg:pypi/m-vault-only', 'pkg:pypi/m-vault-only@1.0'])
    asked.push([
      `uses ${purl}`,
      await paged(cursor => listPackageUses(db, scope, packageUses.query.parse({ purl, limit: 1, cursor }))),
    ])
  for (const uses of ['in/all', 'm-vault/own', 'm-vault/own@v1'])
    asked.push([
      `uses ${uses}`,
      await paged(cursor => listActionUses(db, scope, actionUses.query.parse({ uses, limit: 1, cursor }))),
    ])
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

/** A list to its end, page by page, with every cursor. */
async function paged(read: (cursor: string | undefined) => Promise<{ rows: unknown[]; next: string | null }>) {
  const pages = []
  let cursor: string | undefined
  for (;;) {
    const page = await read(cursor)
    pages.push(page)
    if (page.next === null) return pages
    cursor = page.next
  }
}

/** Without the ids that a serial number of the database gives; of those only a waiver's is told, by which it is decided on. */
function plain(answer: unknown): string {
  return JSON.stringify(answer, (key, value) =>
    typeof value === 'bigint' || ((key === 'id' || key === 'waiver') && typeof value === 'number') ? 'id' : value,
  )
}

/** Every address of one repository, by its name. */
const OF_ONE: Readonly<Record<string, (db: Database, scope: Scope, name: string) => Promise<unknown>>> = {
  scorecard: (db, scope, name) => readScorecard(db, scope, name, NOW, undefined),
  remediation: readRemediation,
  changes: (db, scope, name) => readChanges(db, scope, name, null),
  patch: (db, scope, name) => readPatch(db, scope, name, { safe: false }),
  api: findRepository,
  inventory: (db, scope, name) => readRepositoryInventory(db, scope, name, inventoryQuery.parse({})),
}

describeDatabases('probing for a hidden repository', database => {
  test('every list, figure, filter, order, search, page and file is the same with and without it', async () => {
    const without = await everyAnswer(database.db, await organisation(database.db, false))
    await database.db
      .$executeRaw`truncate "Org", "User", "Tree", "Blob", "PackageSpread", "ActionSpread" restart identity cascade`
    expect(await everyAnswer(database.db, await organisation(database.db, true))).toEqual(without)
  })

  test('the mark by which an open page notices news is no number, and stays when nothing that is shown has changed', async () => {
    const scope = await organisation(database.db, true)
    const { mark } = await readProgress(database.db, scope)
    expect(mark).toMatch(/^[\w-]{16}$/)
    await database.db.repository.update({ where: { id: VAULT.id }, data: { latestScanId: null } })
    expect((await readProgress(database.db, scope)).mark).toBe(mark)
    await database.db.repository.update({ where: { id: 501n }, data: { latestScanId: null } })
    expect((await readProgress(database.db, scope)).mark).not.toBe(mark)
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
