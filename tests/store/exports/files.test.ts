import { expect, test } from 'vitest'
import { COLUMNS, EXPORTS, type ExportName, exportQuery } from '#lib/api/exports.ts'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { inTransaction } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { saveInventories } from '#lib/store/inventory.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { saveScans } from '#lib/store/scans.ts'
import { addWaiver } from '#lib/store/waivers.ts'
import { describeDatabases } from '#tests/database.ts'
import { fillStore } from '../../../bench/made-up-store.ts'
import { countedQueries } from '../counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../made.ts'

const ALL = { all: true } as const

const LEFT_PAD = {
  purl: 'pkg:npm/left-pad@1.3.0',
  base: 'pkg:npm/left-pad',
  ecosystem: 'npm',
  name: 'left-pad',
  version: '1.3.0',
  line: 7,
  hashed: true,
}
const DEPLOY = {
  uses: 'acme/deploy@v1',
  base: 'acme/deploy',
  ref: 'v1',
  refId: 'acme/deploy@v1',
  pinned: false,
  version: null,
  line: 9,
}

describeDatabases('files of lists', database => {
  async function store(): Promise<number> {
    const repositories = [
      listed(1, 'one'),
      listed(2, '=cmd()', { primaryLanguage: 'Go' }),
      listed(3, 'old', { archived: true }),
      listed(4, 'hidden', { visibility: 'private' }),
    ]
    const org = await makeOrg(database.db, repositories)
    for (const id of [1, 2, 4]) {
      const snapshotId = await crawl(database.db, id, `c${id}`, { 'a.yml': String(id) })
      await saveInventories(database.db, [{ oid: oid(String(id)), packages: [LEFT_PAD], actions: [DEPLOY] }])
      const checks = [
        result('pinned', id === 2 ? [] : [finding('a'), finding('b')]),
        result('least', [], { item: 'build-pipeline', outcome: 'unknown', value: null, reason: 'No permission.' }),
      ]
      const versions = { checklistVersion: 'v1', policyHash: 'p1' }
      const judged = report(checks)
      const repositoryId = BigInt(id)
      await saveScans(database.db, [
        {
          repositoryId,
          snapshotId,
          headOid: oid(`c${id}`),
          report: judged,
          ...versions,
          now: day(2),
        },
      ])
    }
    const wish = {
      target: { scope: 'check', checkId: 'pinned' },
      reason: 'retiring',
      words: 'It ends in May.',
    } as const
    const asked = { ...wish, repositoryId: 1n, subject: 'pinned', until: day(90) }
    await inTransaction(database.db, tx => addWaiver(tx, asked, { id: 'x', name: 'X' }, day(3)))
    return org.id
  }

  async function rowsOf(what: ExportName, orgId: number, search: object = {}, sees: Sees = ALL) {
    const rows = []
    const ask = { scope: { orgId, sees }, query: exportQuery.parse(search), now: day(9) }
    for await (const batch of exportRows(database.db, what, ask)) rows.push(...batch)
    return rows
  }
  type Sees = { all: true } | { all: false; userId: string }

  test('a file has exactly the repositories of the list with the same filters', async () => {
    const orgId = await store()
    const searches = [
      {},
      { language: 'Go' },
      { archived: 'all' },
      { check: 'pinned', outcome: 'fail' },
      { only: ['one', 'old'] },
    ]
    for (const search of searches) {
      const query = exportQuery.parse(search)
      const list = await readRepositories(database.db, { orgId, sees: ALL }, query, day(9))
      const file = await rowsOf('repositories', orgId, search)
      expect(file.map(row => row.repository).sort()).toEqual(list.rows.map(row => row.name).sort())
    }
  })

  test('every file has the columns that are documented, and no other', async () => {
    const orgId = await store()
    for (const what of EXPORTS) {
      const [row = {}] = await rowsOf(what, orgId)
      expect(Object.keys(row).sort()).toEqual(COLUMNS[what].map(column => column.name).sort())
    }
  })

  test('outcomes are kept apart, with commit and checklist version in each row', async () => {
    const orgId = await store()
    const rows = await rowsOf('checks', orgId, { only: 'one' })
    expect(
      rows.map(({ check, outcome, reason, failing, commit, checklist_version }) => [
        [check, outcome, reason, failing],
        [commit, checklist_version],
      ]),
    ).toEqual([
      [
        ['least', 'unknown', 'No permission.', 0],
        [oid('c1'), 'v1'],
      ],
      [
        ['pinned', 'fail', null, 2],
        [oid('c1'), 'v1'],
      ],
    ])
  })

  test('findings are open ones unless the fixed are asked for', async () => {
    const orgId = await store()
    await database.db.finding.updateMany({ where: { fingerprint: 'a' }, data: { fixedAt: day(3) } })
    expect((await rowsOf('findings', orgId)).map(row => row.fingerprint)).toEqual(['b', 'b'])
    const all = await rowsOf('findings', orgId, { fixed: 'yes' })
    expect(all.map(row => row.state).sort()).toEqual(['fixed', 'fixed', 'open', 'open'])
  })

  test('the inventory has a row for each place, of the commit that was judged', async () => {
    const orgId = await store()
    const rows = await rowsOf('inventory', orgId, { only: 'one' })
    expect(
      rows.map(({ kind, name, purl, version, path, line, immutable, commit }) => [
        kind,
        name,
        purl,
        version,
        path,
        line,
        immutable,
        commit,
      ]),
    ).toEqual([
      ['package', 'left-pad', 'pkg:npm/left-pad@1.3.0', '1.3.0', 'a.yml', 7, true, oid('c1')],
      ['action', 'acme/deploy@v1', null, 'v1', 'a.yml', 9, false, oid('c1')],
    ])
  })

  test('what a reader may not see is in no file', async () => {
    const orgId = await store()
    const stranger = { all: false, userId: 'nobody' } as const
    for (const what of ['repositories', 'checks', 'findings', 'inventory'] as const) {
      const names = (await rowsOf(what, orgId, {}, stranger)).map(row => row.repository)
      expect(names).not.toContain('hidden')
      expect(names).toContain('one')
    }
  })

  test('a hostile name is text in CSV, and JSON has the same rows', async () => {
    const orgId = await store()
    const file = async (format: 'csv' | 'json', bom: boolean) => {
      const ask = { scope: { orgId, sees: ALL }, query: exportQuery.parse({}), now: day(9) }
      const columns = ['repository', 'score']
      const batches = exportRows(database.db, 'repositories', ask)
      return new Response(tableStream({ columns, format, bom, batches })).bytes()
    }
    const csv = await file('csv', true)
    expect([...csv.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(csv)).toBe("repository,score\r\none,50\r\n'=cmd(),50\r\nhidden,50\r\n")
    expect(JSON.parse(new TextDecoder().decode(await file('json', false)))).toEqual([
      { repository: 'one', score: 50 },
      { repository: '=cmd()', score: 50 },
      { repository: 'hidden', score: 50 },
    ])
  })

  test('a long file is read a batch at a time, only as far as its reader takes it, with a statement for each batch', async () => {
    const { orgId } = await fillStore(
      database.db,
      { repos: 10, checks: 4, scans: 1, days: 30, findings: 11_000 },
      day(9),
    )
    const open = (format: 'csv' | 'json') =>
      tableStream({
        columns: COLUMNS.findings.map(({ name }) => name),
        format,
        bom: false,
        batches: exportRows(database.db, 'findings', {
          scope: { orgId, sees: ALL },
          query: exportQuery.parse({}),
          now: day(9),
        }),
      })
    for (const format of ['csv', 'json'] as const) {
      let lines = 0
      let largest = 0
      const { queries } = await countedQueries(async () => {
        for await (const part of open(format)) {
          largest = Math.max(largest, part.length)
          lines += part.filter(byte => byte === 10).length
        }
      })
      // Five thousand rows a statement, and one that finds nothing more; what is in memory is one part.
      expect([lines, queries]).toEqual([format === 'csv' ? 11_001 : 11_002, 4])
      expect(largest).toBeLessThan(5_000 * (format === 'csv' ? 400 : 700))
    }
    const { queries } = await countedQueries(async () => {
      const reader = open('csv').getReader()
      await reader.read()
      await reader.read()
      await reader.cancel()
    })
    expect(queries).toBeLessThanOrEqual(2)
  })

  test('the list asks the same however long it is', async () => {
    const orgId = await store()
    const ask = () => readRepositories(database.db, { orgId, sees: ALL }, exportQuery.parse({}), day(9))
    expect((await countedQueries(ask)).queries).toBeLessThanOrEqual(3)
  })

  test('a trend is that of the page with the same filters: of the score, an item, a check or every item, in that time', async () => {
    const orgId = await store()
    const range = { from: '2026-01-03', to: '2026-01-08' }
    const scope = { orgId, sees: ALL }
    const page = async (query: object) => {
      const asked = trendsQuery.parse({ ...range, ...query })
      return readTrends(database.db, scope, asked, rangeOf(asked, day(9)))
    }
    const told = await page({})
    const score = await rowsOf('trend', orgId, range)
    expect(score.map(({ of, week_to, score, repositories }) => [of, week_to, score, repositories])).toEqual(
      told.score.map(({ at, score, repositories }) => ['score', at, score, repositories]),
    )
    expect(score[0]?.week_to).toEqual(new Date(range.from))
    expect(score.at(-1)?.repositories).toBeGreaterThan(0)
    for (const query of [{ item: 'pin-actions' }, { check: 'pinned' }]) {
      const rows = await rowsOf('trend', orgId, { ...range, ...query })
      const points = (await page(query)).subject ?? []
      expect(rows.map(({ of, pass, fail }) => [of, pass, fail])).toEqual(
        points.map(({ counts }) => [Object.values(query)[0], counts.pass, counts.fail]),
      )
      expect(rows.at(-1)?.fail).toBeGreaterThan(0)
    }
    const every = await rowsOf('trend', orgId, { ...range, curves: 'items' })
    expect([...new Set(every.map(({ of }) => of))]).toEqual(told.items.map(({ item }) => item))
    const team = await rowsOf('trend', orgId, { ...range, team: 'nobody' })
    expect(team.at(-1)).toMatchObject({ team: 'nobody', repositories: 0, score: null })
  })
})
