import { expect, test } from 'vitest'
import type { CheckResult } from '#lib/scan.ts'
import { saveScans, unscanned, unscannedSnapshots } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from './made.ts'

describeDatabases('scans and findings', database => {
  async function scanned(commit: string, at: number, checks: CheckResult[], more: Parameters<typeof report>[1] = {}) {
    const { db } = database
    const snapshotId = await crawl(db, 1, commit, { 'a.yml': commit })
    const judged = { repositoryId: 1n, snapshotId, headOid: oid(commit), report: report(checks, more), now: day(at) }
    const [saved] = await saveScans(db, [{ ...judged, checklistVersion: 'v1', policyHash: 'p1' }])
    if (saved === undefined) throw new Error('Every scan that is given comes back.')
    return saved
  }

  async function findings() {
    const rows = await database.db.finding.findMany({ orderBy: [{ firstSeen: 'asc' }, { fingerprint: 'asc' }] })
    return rows.map(row => [
      row.fingerprint,
      row.firstSeen.getUTCDate(),
      row.lastSeen.getUTCDate(),
      row.fixedAt?.getUTCDate(),
    ])
  }

  test('a finding is new, still open, fixed, and open again in a row of its own', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    await scanned('c1', 1, [result('pinned', [finding('a'), finding('b')])])
    await scanned('c2', 2, [result('pinned', [finding('b')])])
    await scanned('c3', 3, [result('pinned', [finding('a'), finding('b')])])
    expect(await findings()).toEqual([
      ['a', 1, 1, 2],
      ['b', 1, 3, undefined],
      ['a', 3, 3, undefined],
    ])
    const fixed = await database.db.finding.findFirstOrThrow({ where: { NOT: { fixedAt: null } } })
    expect([fixed.firstCommit, fixed.fixedCommit]).toEqual([oid('c1'), oid('c2')])
  })

  test('a finding that is still there takes its new place and patch', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    await scanned('c1', 1, [result('pinned', [finding('a')])])
    const evidence = { path: 'a.yml', startLine: 9, endLine: 10, excerpt: 'moved' }
    const patch = { title: 'Pin it', safety: 'safe' as const, edits: [] }
    await scanned('c2', 2, [result('pinned', [finding('a', { evidence, patch, diff: '-a\n+b' })])])
    const row = await database.db.finding.findFirstOrThrow()
    expect([row.startLine, row.endLine, row.excerpt]).toEqual([9, 10, 'moved'])
    expect(row.patch).toEqual({ title: 'Pin it', safety: 'safe', edits: [], diff: '-a\n+b' })
  })

  test('what could not be looked at is not fixed', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const b = finding('b', { evidence: { path: 'b.yml', startLine: 1, endLine: 1, excerpt: '' } })
    await scanned('c1', 1, [result('pinned', [finding('a'), b]), result('least', [finding('c')])])
    await scanned('c2', 2, [result('pinned', []), result('least', [], { outcome: 'unknown', value: null })], {
      couldNotRead: [{ path: 'b.yml', reason: 'It is too large.' }],
    })
    expect(await findings()).toEqual([
      ['a', 1, 1, 2],
      ['b', 1, 1, undefined],
      ['c', 1, 1, undefined],
    ])
  })

  test('the same snapshot, checklist and policy saved again changes nothing', async () => {
    const org = await makeOrg(database.db, [listed(1, 'one')])
    const snapshotId = await crawl(database.db, 1, 'c1', { 'a.yml': 'c1' })
    const judging = { checklistVersion: 'v1', hashOf: () => 'p1' }
    expect(await unscannedSnapshots(database.db, { orgId: org.id, ...judging })).toEqual([snapshotId])
    const first = await scanned('c1', 1, [result('pinned', [finding('a')])])
    const again = await Promise.all([scanned('c1', 2, []), scanned('c1', 3, [])])
    expect(again).toMatchObject([
      { scanId: first.scanId, isNew: false },
      { scanId: first.scanId, isNew: false },
    ])
    expect(await findings()).toEqual([['a', 1, 1, undefined]])
    expect(await database.db.checkResult.count()).toBe(1)
    expect(await unscanned(database.db, { snapshotIds: [snapshotId, 99], ...judging })).toEqual([])
    expect(await unscannedSnapshots(database.db, { orgId: org.id, ...judging })).toEqual([])
  })

  test('two scans of one snapshot at the same moment make one', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const snapshotId = await crawl(database.db, 1, 'c1', { 'a.yml': 'c1' })
    const one = {
      repositoryId: 1n,
      snapshotId,
      headOid: oid('c1'),
      checklistVersion: 'v1',
      policyHash: 'p1',
      now: day(1),
    }
    const judged = report([result('pinned', [finding('a')])])
    const saved = await Promise.all([1, 2, 3, 4].map(() => saveScans(database.db, [{ ...one, report: judged }])))
    expect(saved.flat().filter(scan => scan.isNew)).toHaveLength(1)
    expect(await database.db.scan.count()).toBe(1)
    expect(await findings()).toEqual([['a', 1, 1, undefined]])
  })

  test('many scans at once are as one by one, two snapshots of one repository too', async () => {
    await makeOrg(database.db, [listed(1, 'one'), listed(2, 'two')])
    const checks = { '1 c1': ['a', 'b'], '1 c2': ['b'], '2 c3': ['a'] }
    const scans = []
    for (const [name, fingerprints] of Object.entries(checks)) {
      const [repository = '', commit = ''] = name.split(' ')
      const snapshotId = await crawl(database.db, Number(repository), commit, { 'a.yml': commit })
      const judged = report([
        result(
          'pinned',
          fingerprints.map(print => finding(print)),
        ),
      ])
      const versions = { checklistVersion: 'v1', policyHash: 'p1', now: day(snapshotId) }
      scans.push({ repositoryId: BigInt(repository), snapshotId, headOid: oid(commit), report: judged, ...versions })
    }
    const saved = await saveScans(database.db, scans.toReversed())
    expect(saved.map(({ snapshotId, isNew }) => [snapshotId, isNew])).toEqual(
      scans.map(({ snapshotId }) => [snapshotId, true]),
    )
    expect(await findings()).toEqual([
      ['a', 1, 1, 2],
      ['b', 1, 2, undefined],
      ['a', 3, 3, undefined],
    ])
    const repositories = await database.db.repository.findMany({ orderBy: { id: 'asc' } })
    expect(repositories.map(({ latestScanId }) => latestScanId)).toEqual([saved[1]?.scanId, saved[2]?.scanId])
  })

  test('an older snapshot scanned late is kept as history and moves no finding', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const older = await crawl(database.db, 1, 'c1', { 'a.yml': 'c1' })
    const newest = await scanned('c2', 2, [result('pinned', [finding('a')])])
    const one = { repositoryId: 1n, headOid: oid('c1'), checklistVersion: 'v1', policyHash: 'p1', now: day(3) }
    await saveScans(database.db, [{ ...one, snapshotId: older, report: report([result('pinned', [])]) }])
    expect(await findings()).toEqual([['a', 2, 2, undefined]])
    const repository = await database.db.repository.findUniqueOrThrow({ where: { id: 1n } })
    expect(repository.latestScanId).toBe(newest.scanId)
    expect(await database.db.scan.count()).toBe(2)
  })

  test('a scan that fails half-way leaves nothing', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const twice = [result('pinned', [finding('a')]), result('pinned', [])]
    await expect(scanned('c1', 1, twice)).rejects.toThrow()
    expect(await database.db.scan.count()).toBe(0)
    expect(await findings()).toEqual([])
    const repository = await database.db.repository.findUniqueOrThrow({ where: { id: 1n } })
    expect(repository.latestScanId).toBeNull()
  })

  test('NUL characters and half surrogates become the replacement character', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const evidence = { path: 'a\0.yml', startLine: 1, endLine: 1, excerpt: 'x\0y\ud800' }
    const odd = finding('a', { evidence, message: 'm\0', patch: { title: 't\0', safety: 'safe', edits: [] } })
    const check = result('pinned', [odd], { reason: 'r\0', notes: ['n\0'] })
    await scanned('c1', 1, [check], { couldNotRead: [{ path: 'p\0', reason: 'q\0' }] })
    const row = await database.db.finding.findFirstOrThrow()
    expect([row.path, row.excerpt, row.message]).toEqual(['a\uFFFD.yml', 'x\uFFFDy\uFFFD', 'm\uFFFD'])
    expect(row.patch).toMatchObject({ title: 't\uFFFD' })
    const kept = await database.db.checkResult.findFirstOrThrow()
    expect([kept.reason, kept.notes]).toEqual(['r\uFFFD', ['n\uFFFD']])
    // The file that could not be read keeps its finding open although its name was changed for the store.
    await scanned('c2', 2, [result('pinned', [])], { couldNotRead: [{ path: 'a\0.yml', reason: '' }] })
    expect(await findings()).toEqual([['a', 1, 1, undefined]])
  })

  test('two thousand findings are one scan', async () => {
    await makeOrg(database.db, [listed(1, 'one')])
    const many = Array.from({ length: 2_000 }, (_, index) => finding(`f${index}`))
    await scanned('c1', 1, [result('pinned', many)])
    await scanned('c2', 2, [result('pinned', many.slice(1))])
    expect(await database.db.finding.count({ where: { fixedAt: null } })).toBe(1_999)
  })
})
