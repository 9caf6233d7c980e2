import { expect, test } from 'vitest'
import { askForLook } from '#lib/auth/looks.ts'
import { ROLES, type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'
import { readAudit } from '#lib/store/audit.ts'
import { crawlStore } from '#lib/store/crawl-store.ts'
import type { Database } from '#lib/store/database.ts'
import { beginLook, openLooks, readLook } from '#lib/store/looks.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { finishRunWhenDone, runningRun, startRun } from '#lib/store/runs.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, listed, makeOrg, whole } from '../store/made.ts'

const MINUTE = 60_000
const at = (milliseconds: number) => new Date(+day(2) + milliseconds)

function viewer(role: Role, id: string = role): Viewer {
  return { id, name: id, role, sees: seesOf(role, id), via: 'session', scopes: null, address: '192.0.2.7' }
}

describeDatabases('a look', database => {
  async function org(names: readonly string[] = ['one']) {
    const rows = names.map((name, index) => listed(index + 1, name))
    return makeOrg(database.db, [...rows, listed(99, 'hidden', { visibility: 'private' })])
  }
  const ask = (who: Viewer, name: string, orgId: number, now = at(0)) =>
    askForLook(database.db, who, { orgId, name }, now)
  const looks = (db: Database) => db.crawlRun.count({ where: { kind: 'look' } })

  test('is asked for by those who may, of what they see, and the log tells of it', async () => {
    const { db } = database
    const { id: orgId } = await org()
    const answers = ROLES.map(async role => {
      const name = 'hidden'
      const code = await ask(viewer(role), name, orgId).then(
        () => 'asked',
        (error: { code: string }) => error.code,
      )
      return [role, code]
    })
    expect(Object.fromEntries(await Promise.all(answers))).toEqual({
      owner: 'asked',
      security: 'asked',
      // Answered like what is not there.
      maintainer: 'not-found',
      viewer: 'forbidden',
      auditor: 'forbidden',
    })
    // A key reads and exports; it asks for nothing.
    const key: Viewer = { ...viewer('owner', 'key'), via: 'key', scopes: ['read', 'export'] }
    await expect(ask(key, 'one', orgId)).rejects.toMatchObject({ code: 'forbidden' })
    await ask(viewer('maintainer'), 'one', orgId)
    const [row] = await readAudit(db, { limit: 1 })
    expect(row).toMatchObject({ action: 'crawl.asked', actor: 'maintainer', resource: 'repository:one' })
    const unseen = { orgId, sees: seesOf('maintainer', 'maintainer') }
    expect(await readLook(db, unseen, 'hidden', at(0))).toBeNull()
    expect(await readLook(db, unseen, 'one', at(0))).toMatchObject({ look: { state: 'asked' } })
  })

  test('is one however many ask for it at once, and another once it has ended', async () => {
    const { db } = database
    const { id: orgId } = await org()
    await Promise.all(['ada', 'grace', 'joan'].map(name => ask(viewer('security', name), 'one', orgId)))
    expect([await looks(db), await db.auditEvent.count({ where: { action: 'crawl.asked' } })]).toEqual([1, 1])
    const [runId = 0] = await openLooks(db, orgId, at(0))
    await crawlStore(db, { runId, now: () => at(1) }).saveOutcomes([
      { repositoryId: 1n, name: 'one', outcome: 'unchanged', reason: null },
    ])
    await beginLook(db, runId)
    expect(await finishRunWhenDone(db, runId, at(1))).toBe(true)
    await ask(viewer('security', 'ada'), 'one', orgId)
    expect(await looks(db)).toBe(2)
  })

  test('is asked for five times a minute and forty times an hour by one person', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `repo-${index}`)
    const { id: orgId } = await org(names)
    const ada = viewer('owner', 'ada')
    for (const name of names.slice(0, 5)) await ask(ada, name, orgId)
    await expect(ask(ada, 'repo-5', orgId)).rejects.toMatchObject({ code: 'rate-limited' })
    await ask(viewer('owner', 'grace'), 'repo-5', orgId)
    // What was refused left nothing behind.
    expect(await looks(database.db)).toBe(6)
    let asked = 5
    for (const [index, name] of names.slice(6, 41).entries()) {
      await ask(ada, name, orgId, at(MINUTE * (1 + Math.floor(index / 5)) + index))
      asked += 1
    }
    expect(asked).toBe(40)
    await expect(ask(ada, 'repo-44', orgId, at(30 * MINUTE))).rejects.toMatchObject({
      code: 'rate-limited',
      message: 'You asked for 40 looks within an hour.',
    })
    await ask(ada, 'repo-44', orgId, at(61 * MINUTE))
  })

  test('is neither taken for the crawl that is under way nor shown as it, and changes the mark of open pages', async () => {
    const { db } = database
    const { id: orgId, ...rest } = await org()
    const crawlId = await startRun(db, { orgId, kind: 'sweep', now: at(0) })
    const before = await readProgress(db, whole({ id: orgId, ...rest }))
    await ask(viewer('owner'), 'one', orgId)
    const after = await readProgress(db, { orgId, sees: { all: true } })
    expect([await runningRun(db, orgId), after.run?.id, after.mark === before.mark]).toEqual([crawlId, crawlId, false])
  })

  test('tells how far it is, and is given up where no worker does it', async () => {
    const { db } = database
    const made = await org()
    await crawl(db, 1, 'c1', { a: 'a' })
    const state = async (now: Date) => {
      const { look: told = null } = (await readLook(db, whole(made), 'one', now)) ?? {}
      return told && [told.state, told.found, told.waitsUntil]
    }
    expect(await state(at(0))).toBeNull()
    await ask(viewer('owner'), 'one', made.id)
    expect(await state(at(1))).toEqual(['asked', null, null])
    const [runId = 0] = await openLooks(db, made.id, at(1))
    expect(await beginLook(db, runId)).toEqual({ id: 1n, nodeId: 'R_1', name: 'one' })
    expect(await state(at(1))).toEqual(['looking', null, null])
    // Where even what is kept for people is used up, it says until when.
    await db.org.update({ where: { id: made.id }, data: { account: 'a' } })
    await db.budget.create({ data: { account: 'a', resource: 'core', limit: 100, remaining: 0, resetAt: at(MINUTE) } })
    expect(await state(at(1))).toEqual(['looking', null, at(MINUTE).toISOString()])
    expect(await openLooks(db, made.id, at(10 * MINUTE))).toEqual([runId])
    expect(await openLooks(db, made.id, at(10 * MINUTE + 1))).toEqual([])
    expect(await state(at(10 * MINUTE + 1))).toEqual(['failed', null, null])
    expect(await beginLook(db, runId)).toBeNull()
    expect(await state(at(20 * MINUTE))).toBeNull()
  })
})
