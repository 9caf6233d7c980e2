import { expect, test } from 'vitest'
import { type WaiverWishes, waiverWishes } from '#lib/api/waivers.ts'
import { type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'
import { askForMany } from '#lib/auth/waive-many.ts'
import { readAudit, verifyAudit } from '#lib/store/audit.ts'
import { saveAccess } from '#lib/store/people.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '../store/made.ts'

function viewer(role: Role): Viewer {
  return { id: role, name: role, role, sees: seesOf(role, role), via: 'session', scopes: null, address: '192.0.2.7' }
}

describeDatabases('one wish for many repositories', database => {
  /** A maintainer may write to the first three. `pinned` fails in `one`, `two` and `hidden` (private), and passes in `right`. */
  async function org(): Promise<void> {
    const { db } = database
    const names = ['one', 'two', 'right', 'hidden']
    await makeOrg(
      db,
      names.map((name, index) => listed(index + 1, name, { visibility: name === 'hidden' ? 'private' : 'public' })),
    )
    const id = 'maintainer'
    await db.user.create({ data: { id, name: id, email: `${id}@example.test` } })
    const rights = [1n, 2n, 3n].map(repository => ({ id: repository, writes: true }))
    await saveAccess(db, id, { login: null, teams: [], rights }, day(1))
    for (const [index, name] of names.entries()) {
      const snapshotId = await crawl(db, index + 1, name, { 'a.yml': name })
      const checks = [result('pinned', name === 'right' ? [] : [finding(name)])]
      const judged = { repositoryId: BigInt(index + 1), snapshotId, headOid: oid(name), report: report(checks) }
      await saveScans(db, [{ ...judged, now: day(2), checklistVersion: 'v1', policyHash: 'p1' }])
    }
  }

  const wishes = (more: Partial<WaiverWishes> = {}): WaiverWishes => ({
    repositories: ['one', 'two', 'right', 'hidden', 'never-was', 'one'],
    checkId: 'pinned',
    reason: 'fix-planned',
    words: 'It is replaced in spring.',
    lastDay: '2026-02-09',
    ...more,
  })
  const ask = (role: Role, more: Partial<WaiverWishes> = {}) =>
    askForMany(database.db, viewer(role), 1, wishes(more), day(10))
  const kept = async () =>
    (await database.db.waiver.findMany({ include: { repository: true }, orderBy: { id: 'asc' } })).map(
      ({ repository, state, scope, checkId, askedBy }) => [repository.name, state, scope, checkId, askedBy],
    )

  test('is asked for by a maintainer where the check fails and they may look, and nowhere else', async () => {
    await org()
    const why = 'The check does not fail there.'
    expect(await ask('maintainer')).toEqual({
      saved: ['one', 'two'],
      // A hidden one is answered for like one that is not there.
      refused: ['right', 'hidden', 'never-was'].map(repository => ({ repository, why })),
    })
    expect(await kept()).toEqual(['one', 'two'].map(name => [name, 'asked', 'check', 'pinned', 'maintainer']))
  })

  test('a repository that somebody sees and may not write to is refused by itself', async () => {
    await org()
    const rights = [{ id: 2n, writes: true }]
    await saveAccess(database.db, 'maintainer', { login: null, teams: [], rights }, day(2))
    const { saved, refused } = await ask('maintainer', { repositories: ['one', 'two'] })
    expect(saved).toEqual(['two'])
    expect(refused).toEqual([{ repository: 'one', why: expect.stringContaining('GitHub does not let you write') }])
  })

  test('is granted with that by who may decide, each with its own line in the audit log', async () => {
    await org()
    expect((await ask('security')).saved).toEqual(['one', 'two', 'hidden'])
    expect((await kept()).map(([name, state]) => [name, state])).toEqual(
      ['one', 'two', 'hidden'].map(name => [name, 'granted']),
    )
    const waived = await database.db.repository.findMany({ where: { latestScan: { waivedFindings: 1 } } })
    expect(waived.map(({ name }) => name).sort()).toEqual(['hidden', 'one', 'two'])
    const told = await readAudit(database.db, { limit: 10 })
    expect(told.map(({ action }) => action).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'waiver.asked'),
      ...Array.from({ length: 3 }, () => 'waiver.granted'),
    ])
    expect(await verifyAudit(database.db)).toMatchObject({ rows: 6, brokenAt: null })
  })

  test('what one repository refuses stops none of the others, and is told with its reason', async () => {
    await org()
    await ask('maintainer', { repositories: ['one'] })
    const { saved, refused } = await ask('maintainer', { repositories: ['one', 'two'] })
    expect(saved).toEqual(['two'])
    expect(refused).toEqual([
      { repository: 'one', why: expect.stringContaining('A waiver of the same is asked for or in force already.') },
    ])
    const late = await ask('security', { repositories: ['one', 'two'], lastDay: '2036-01-01' })
    expect(late.saved).toEqual([])
    expect(late.refused.every(({ why }) => /days at most/.test(why))).toBe(true)
  })

  test('is refused as a whole to who may not ask, and where nothing is picked or too much', async () => {
    await org()
    for (const role of ['viewer', 'auditor'] as const)
      await expect(ask(role)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await kept()).toEqual([])
    const many = Array.from({ length: 101 }, (_, index) => `r${index}`)
    for (const repositories of [[], many]) expect(waiverWishes.safeParse(wishes({ repositories })).success).toBe(false)
    expect(waiverWishes.safeParse(wishes({ words: 'no' })).success).toBe(false)
  })
})
