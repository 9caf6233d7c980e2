import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { ownNames, saveCodeOwners, saveProperties } from '#lib/store/owners.ts'
import { readOwners } from '#lib/store/pages/owners.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { saveAccess } from '#lib/store/people.ts'
import { saveTeams } from '#lib/store/repositories.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '../counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, whole } from '../made.ts'

const NOW = day(40)
const SINCE = day(10)

describeDatabases('owners', database => {
  /** `shop` rose from 40 to 80, `till` fell from 90 to 60, `vault` (private) and `lost` have one look each. */
  async function store(): Promise<Scope> {
    const { db } = database
    const org = await makeOrg(db, [
      listed(1, 'shop'),
      listed(2, 'till'),
      listed(3, 'vault', { visibility: 'private' }),
      listed(4, 'lost'),
      listed(5, 'old', { archived: true }),
    ])
    const snapshots: number[] = []
    for (const [id, looks] of [
      [1, [40, 80]],
      [2, [90, 60]],
      [3, [70]],
      [4, [50]],
      [5, [10]],
    ] as const) {
      for (const [at, score] of looks.entries()) {
        const commit = `c${id}-${at}`
        const snapshotId = await crawl(db, id, commit, { 'a.yml': commit })
        snapshots.push(snapshotId)
        const met = score === 80 ? 1 : 0
        const checks = [result('pinned', met ? [] : [finding(`f${id}`)])]
        await saveScans(db, [
          {
            ...{ repositoryId: BigInt(id), snapshotId, headOid: oid(commit), checklistVersion: 'v1', policyHash: 'p1' },
            now: day(2 + at * 20),
            report: report(checks, { score, itemsMet: met }),
          },
        ])
      }
    }
    await saveTeams(db, new Map([1n, 2n, 5n].map(id => [id, ['front']])))
    await saveProperties(
      db,
      new Map([
        [1n, { values: { team: ['front'] }, owners: ['front'] }],
        [2n, { values: { team: ['money'] }, owners: ['money'] }],
      ]),
    )
    const [, shop = 0, , , vault = 0] = snapshots
    await saveCodeOwners(db, [
      { repositoryId: 1n, snapshotId: shop, owners: ['front', '@ada'] },
      { repositoryId: 3n, snapshotId: vault, owners: ['secret-team'] },
    ])
    return whole(org)
  }

  test('stand beside one another with what moved, and each number is that of the list that it leads to', async () => {
    const scope = await store()
    const { result: owners, queries } = await countedQueries(() => readOwners(database.db, scope, SINCE))
    // One of them for what the server did not hold yet.
    expect(queries).toBe(2)
    expect((await countedQueries(() => readOwners(database.db, scope, SINCE))).queries).toBe(1)
    expect([owners.repositories, owners.unowned]).toEqual([4, 1])
    const front = { name: 'front', sources: ['team', 'codeowners', 'property'] }
    expect(owners.rows).toEqual([
      {
        name: '@ada',
        sources: ['codeowners'],
        repositories: 1,
        score: 80,
        change: 40,
        allMet: 1,
        up: 1,
        down: 0,
        findings: 0,
      },
      { ...front, repositories: 2, score: 70, change: 5, allMet: 1, up: 1, down: 1, findings: 1 },
      {
        name: 'money',
        sources: ['property'],
        repositories: 1,
        score: 60,
        change: -30,
        allMet: 0,
        up: 0,
        down: 1,
        findings: 1,
      },
      {
        name: 'secret-team',
        sources: ['codeowners'],
        repositories: 1,
        score: 70,
        change: 0,
        allMet: 0,
        up: 0,
        down: 0,
        findings: 1,
      },
    ])
    const total = async (query: object) =>
      (await readRepositories(database.db, scope, repositoriesQuery.parse(query), NOW)).total
    for (const { name: owner, ...row } of owners.rows) {
      expect(await total({ owner })).toBe(row.repositories)
      expect(await total({ owner, met: 'all' })).toBe(row.allMet)
      expect(await total({ owner, moved: 'up', days: 30 })).toBe(row.up)
      expect(await total({ owner, moved: 'down', days: 30 })).toBe(row.down)
    }
    expect(await total({ unowned: 'yes' })).toBe(owners.unowned)
  })

  test('moved as the repositories did that the mean leads to, however far back is looked', async () => {
    const scope = await store()
    for (const days of [7, 30]) {
      const { rows } = await readOwners(database.db, scope, new Date(NOW.getTime() - days * 24 * 3_600_000))
      for (const { name: owner, change } of rows) {
        const query = repositoriesQuery.parse({ owner, days })
        const list = await readRepositories(database.db, scope, query, NOW)
        const moves = list.rows.map(({ score, scoreBefore }) => (score ?? 0) - (scoreBefore ?? 0))
        expect(moves.reduce((sum, move) => sum + move, 0) / moves.length, `${owner} in ${days} days`).toBe(change)
      }
    }
  })

  test('are told with their sources in the list, its filter and on the scorecard', async () => {
    const scope = await store()
    const list = await readRepositories(database.db, scope, repositoriesQuery.parse({ q: 'shop' }), NOW)
    const shop = [
      { name: 'front', sources: ['team', 'codeowners', 'property'] },
      { name: '@ada', sources: ['codeowners'] },
    ]
    expect(list.rows.map(({ owners }) => owners)).toEqual([shop])
    expect(list.owners).toEqual(['@ada', 'front', 'money', 'secret-team'])
    expect((await readScorecard(database.db, scope, 'shop', NOW, undefined))?.owners).toEqual(shop)
  })

  test('of a repository that somebody does not see are neither named nor counted for them', async () => {
    const { orgId } = await store()
    await database.db.user.create({ data: { id: 'eve', name: 'Eve', email: 'eve@example.test' } })
    const eve = { orgId, sees: { all: false, userId: 'eve' } } as const
    const { rows, repositories } = await readOwners(database.db, eve, SINCE)
    expect(rows.map(({ name }) => name)).toEqual(['@ada', 'front', 'money'])
    expect(repositories).toBe(3)
    const list = await readRepositories(database.db, eve, repositoriesQuery.parse({ owner: 'secret-team' }), NOW)
    expect([list.total, list.owners.includes('secret-team')]).toEqual([0, false])
  })

  test('whoever asks for their own gets those of their teams and those that name their login', async () => {
    const scope = await store()
    const { db } = database
    const own = async (login: string | null, teams: string[]) => {
      await db.user.deleteMany()
      await db.user.create({ data: { id: 'me', name: 'Me', email: 'me@example.test' } })
      await saveAccess(db, 'me', { login, rights: [], teams }, NOW)
      const names = (await ownNames(db, 'me', scope.orgId)) ?? []
      const ask = { ...repositoriesQuery.parse({ mine: 'yes', sort: 'name' }), own: names }
      return (await readRepositories(db, scope, ask, NOW)).rows.map(({ name }) => name)
    }
    expect(await own('Ada', [])).toEqual(['shop'])
    expect(await own('bob', ['acme/front'])).toEqual(['shop', 'till'])
    expect(await own('bob', ['other/front'])).toEqual([])
    expect(await own(null, [])).toEqual([])
    // Without somebody who asks nothing is anybody's.
    const nobody = await readRepositories(db, scope, repositoriesQuery.parse({ mine: 'yes' }), NOW)
    expect(nobody.total).toBe(0)
    expect(await ownNames(db, 'nobody', scope.orgId)).toBeNull()
  })

  test('by CODEOWNERS are those of the newest snapshot, whichever is judged last', async () => {
    await store()
    const [older, newer] = await database.db.snapshot.findMany({ where: { repositoryId: 1n }, orderBy: { id: 'asc' } })
    await saveCodeOwners(database.db, [{ repositoryId: 1n, snapshotId: older?.id ?? 0, owners: ['of-old'] }])
    const owners = async () => (await database.db.repository.findUniqueOrThrow({ where: { id: 1n } })).codeOwners
    expect(await owners()).toEqual(['front', '@ada'])
    await saveCodeOwners(database.db, [{ repositoryId: 1n, snapshotId: newer?.id ?? 0, owners: [] }])
    expect(await owners()).toEqual([])
  })
})
