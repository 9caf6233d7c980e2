import { beforeEach, expect, test } from 'vitest'
import type { Sees } from '#lib/api/frame.ts'
import type { Database } from '#lib/store/database.ts'
import { orgShown, orgsSeen, saveOrg } from '#lib/store/orgs.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { saveAccess } from '#lib/store/people.ts'
import { startRun } from '#lib/store/runs.ts'
import { describeDatabases } from '#tests/database.ts'
import { day, listed, saveListing } from './made.ts'

const ALL: Sees = { all: true }

describeDatabases('organisations', database => {
  let ids: Record<string, number>

  beforeEach(async () => {
    const { db } = database
    ids = { Beta: await made(db, 'Beta', 1), acme: await made(db, 'acme', 2) }
    for (const [login, at] of [
      ['Beta', 3],
      ['acme', 4],
    ] as const)
      await startRun(db, { orgId: ids[login] ?? 0, kind: 'poll', now: day(at) })
  })

  test('the one that is shown stays, whichever was crawled last', async () => {
    const { db } = database
    expect(await orgShown(db, { sees: ALL, asked: null })).toBe(ids.acme)
    await startRun(db, { orgId: ids.Beta ?? 0, kind: 'poll', now: day(5) })
    expect(await orgShown(db, { sees: ALL, asked: null })).toBe(ids.acme)
    expect((await readFrame(db, ALL, null))?.orgs).toEqual(['acme', 'Beta'])
  })

  test('one that is crawled no longer stands behind, and the demo last of those that are', async () => {
    const { db } = database
    const demo = await made(db, 'a-demo', 3, { demo: true })
    await startRun(db, { orgId: ids.Beta ?? 0, kind: 'poll', now: day(20) })
    await startRun(db, { orgId: demo, kind: 'poll', now: day(20) })
    expect((await orgsSeen(db, ALL)).map(({ login }) => login)).toEqual(['Beta', 'a-demo', 'acme'])
  })

  test('it is asked for by its login, however that is written; an unknown one is the first', async () => {
    const { db } = database
    expect((await readFrame(db, ALL, 'BETA'))?.org).toBe('Beta')
    expect((await readFrame(db, ALL, 'gamma'))?.org).toBe('acme')
  })

  test('one of which the asker sees nothing is neither named nor shown to them', async () => {
    const { db } = database
    for (const id of ['insider', 'outsider'])
      await db.user.create({ data: { id, name: id, email: `${id}@example.test` } })
    await saveAccess(db, 'insider', { login: null, rights: [{ id: 1n, writes: false }], teams: [] }, day(1))
    const outsider: Sees = { all: false, userId: 'outsider' }
    expect((await readFrame(db, { all: false, userId: 'insider' }, 'beta'))?.orgs).toEqual(['acme', 'Beta'])
    expect(await readFrame(db, outsider, 'beta')).toMatchObject({ org: 'acme', orgs: ['acme'] })
  })
})

/** An organisation with one repository of that number; Beta's is private. */
async function made(db: Database, login: string, id: number, { demo = false } = {}): Promise<number> {
  const org = await saveOrg(db, { login, apiUrl: 'https://api.example', webUrl: 'https://example', demo })
  const visibility = login === 'Beta' ? 'private' : 'public'
  const repositories = [listed(id, `of-${login}`, { visibility })]
  await saveListing(db, { orgId: org.id, repositories, complete: true, now: day(1) })
  return org.id
}
