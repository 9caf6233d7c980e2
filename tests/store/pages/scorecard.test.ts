import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import type { Edit } from '#lib/patch/patch.ts'
import type { CheckResult, ReportedFinding } from '#lib/scan.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from '../counted-queries.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, whole } from '../made.ts'

const TEXT = 'on: push\n- uses: a/b@v1\n- uses: c/d@v2\n'

function pinned(line: number, from: string, to: string, safety: 'safe' | 'review'): ReportedFinding {
  const start = TEXT.indexOf(from)
  const edits: Edit[] = [{ kind: 'replace', path: 'a.yml', start, end: start + from.length, text: to }]
  const excerpt = TEXT.split('\n')[line - 1] ?? ''
  const evidence = { path: 'a.yml', startLine: line, endLine: line, excerpt }
  return finding(from, { evidence, patch: { title: 'Pin', safety, edits }, diff: 'kept' })
}

describeDatabases('a repository’s pages', database => {
  async function scanned(commit: string, at: number, checks: CheckResult[], more: Parameters<typeof report>[1] = {}) {
    const { db } = database
    const snapshotId = await crawl(db, 1, commit, { 'a.yml': TEXT })
    const versions = { checklistVersion: more.checklistVersion ?? 'v1', policyHash: 'p1' }
    const judged = report(checks, more)
    const one = { repositoryId: 1n, snapshotId, headOid: oid(commit), report: judged, ...versions, now: day(at) }
    await saveScans(db, [one])
  }

  async function org(): Promise<Scope> {
    return whole(await makeOrg(database.db, [listed(1, 'one'), listed(2, 'two')]))
  }

  test('the wrong token of a line is marked by its fix, or by what the message names', async () => {
    const scope = await org()
    const unfixed = finding('x', {
      message: '`c/d` is pinned to the tag `v2`.',
      evidence: { path: 'a.yml', startLine: 3, endLine: 3, excerpt: '- uses: c/d@v2' },
    })
    await scanned('c1', 1, [result('pinned', [pinned(2, 'a/b@v1', 'a/b@abc # v1', 'safe'), unfixed])])
    const card = await readScorecard(database.db, scope, 'one', day(2), undefined)
    const lines = card?.checks[0]?.findings.map(({ code }) => code.filter(line => line.wrong))
    const marked = lines?.flat().map(({ text, mark = [0, 0] }) => text.slice(mark[0], mark[1]))
    expect(marked).toEqual(['v1', 'v2'])
    expect(card?.checks[0]?.fixes).toEqual({ safe: 1, review: 0 })
    expect(() => JSON.stringify(card)).not.toThrow()
  })

  test('the fixes of a repository are one diff; those to look over are left out of the safe ones', async () => {
    const scope = await org()
    const findings = [pinned(2, 'v1', 'abc', 'safe'), pinned(3, 'v2', 'def', 'review')]
    await scanned('c1', 1, [result('pinned', findings)])
    const all = await readPatch(database.db, scope, 'one', { safe: false })
    expect(all?.applied).toBe(2)
    expect(all?.diff).toContain('+- uses: a/b@abc\n+- uses: c/d@def')
    const safe = await readPatch(database.db, scope, 'one', { safe: true })
    expect(safe?.diff).toContain('+- uses: a/b@abc')
    expect(safe?.diff).not.toContain('def')
    const one = await readPatch(database.db, scope, 'one', { check: 'pinned', finding: 'v2', safe: false })
    expect(one?.applied).toBe(1)
    expect(await readPatch(database.db, scope, 'one', { check: 'other', safe: false })).toBeNull()
    expect(await readPatch(database.db, scope, 'two', { safe: false })).toBeNull()
  })

  test('what is left to do names every place and the points that it brings', async () => {
    const scope = await org()
    const checks = [
      result('pinned', [pinned(2, 'v1', 'abc', 'safe')]),
      result('least', [], { outcome: 'unknown', value: null, reason: 'No permission.' }),
      result('locked', [], { item: 'pin-dependencies' }),
    ]
    await scanned('c1', 1, checks)
    const todo = await readRemediation(database.db, scope, 'one')
    expect(todo?.steps.map(({ id, gain, places }) => [id, gain, places.map(place => place.fix)]).sort()).toEqual([
      ['least', 0, []],
      ['pinned', 50, ['safe']],
    ])
    expect(await readRemediation(database.db, scope, 'none')).toBeNull()
    expect((await readRemediation(database.db, scope, 'two'))?.scan).toBeNull()
  })

  test('what changed: new, fixed and still open by scan, with a mark where the checklist changed', async () => {
    const scope = await org()
    await scanned('c1', 1, [result('pinned', [finding('a'), finding('b')])])
    await scanned('c2', 2, [result('pinned', [finding('b'), finding('c')])])
    await scanned('c3', 3, [result('pinned', [finding('b')])], { checklistVersion: 'v2' })
    const changes = await readChanges(database.db, scope, 'one', null)
    const told = changes?.entries.map(({ opened, fixed, still, checklistChanged, openedHere, fixedHere }) => [
      [opened, fixed, still, checklistChanged],
      openedHere.map(change => change.fingerprint),
      fixedHere.map(change => change.fingerprint),
    ])
    expect(told).toEqual([
      [[0, 1, 1, true], [], ['c']],
      [[1, 1, 1, false], ['c'], ['a']],
      [[2, 0, 0, false], ['a', 'b'], []],
    ])
    const earlier = await readChanges(database.db, scope, 'one', day(2))
    expect(earlier?.entries.map(entry => entry.at)).toEqual([day(1)])
  })

  test('no page asks more for more findings', async () => {
    const scope = await org()
    const many = Array.from({ length: 60 }, (_, index) => finding(`f${index}`))
    await scanned('c1', 1, [result('pinned', many), result('least', many)])
    const { db } = database
    const asked = [
      await countedQueries(() => readScorecard(db, scope, 'one', day(2), undefined)),
      await countedQueries(() => readRemediation(db, scope, 'one')),
      await countedQueries(() => readChanges(db, scope, 'one', null)),
      await countedQueries(() => readPatch(db, scope, 'one', { safe: true })),
    ]
    for (const { queries } of asked) expect(queries).toBeLessThanOrEqual(10)
  })
})
