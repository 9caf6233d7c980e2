/** What becomes of repositories that a listing no longer names: through the real jobs, day by day. */
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { bareRepository } from '#tests/demo/github/bare-repository.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const DAY_MS = 86_400_000
const SHORTENED: Scenario = [{ on: { operation: 'ListRepositories' }, fault: { kind: 'sso-partial' } }]

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

describeDatabases('a repository that is listed no more', database => {
  /** A look at everything on that day, as the pretend GitHub answers it with this scenario. */
  async function sweep(dir: string, day: number, scenario: Scenario = []) {
    const { db } = database
    const { source, client, github } = await hosted(dir, scenario)
    const org = await saveOrg(db, { login: 'acme', apiUrl: 'http://api', webUrl: 'http://web', demo: false })
    const queue = inlineQueue()
    const now = () => new Date(Date.parse('2026-06-01T00:00:00Z') + day * DAY_MS)
    const bookUsage = usageBook(db, client)
    const log = createLog('silent')
    const handlers = handlersOf({ db, queue, judges, source, now, log, replay: false, bookUsage })
    await queue.enqueue('discover-repositories', { orgId: org.id })
    await queue.drain(handlers, new AbortController().signal)
    await github.stop()
    const rows = await db.repository.findMany({
      include: { _count: { select: { scans: true } } },
      orderBy: { name: 'asc' },
    })
    const told = rows.map(({ name, missingSince, goneAt, _count }) => {
      const state = goneAt !== null ? 'gone' : missingSince !== null ? 'missing' : 'there'
      return `${name} ${state}, judged ${_count.scans > 0}`
    })
    return told.sort()
  }

  test('is gone after two whole listings, not by shortened ones, and keeps its history', {
    timeout: 120_000,
  }, async () => {
    const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
    const all = ['one there, judged true', 'two there, judged true']
    expect(await sweep(dir, 0)).toEqual(all)
    renameSync(join(dir, 'two.git'), join(dir, '..', `${process.pid}-two.git`))
    // However often GitHub leaves something out of a listing and says so.
    for (const day of [1, 2, 3]) expect(await sweep(dir, day, SHORTENED)).toEqual(all)
    expect(await sweep(dir, 4)).toEqual(['one there, judged true', 'two missing, judged true'])
    expect(await sweep(dir, 5)).toEqual(['one there, judged true', 'two gone, judged true'])
    renameSync(join(dir, '..', `${process.pid}-two.git`), join(dir, 'two.git'))
    expect(await sweep(dir, 6)).toEqual(all)
  })

  test('has given its name away where another one has it, and keeps its history', { timeout: 120_000 }, async () => {
    const { db } = database
    const dir = await repositories({ one: { a: '1' } })
    await sweep(dir, 0)
    const [first] = await db.repository.findMany({ select: { id: true } })
    // Another id is another repository, whatever its name.
    await db.$executeRaw`UPDATE "Repository" SET "id" = 1, "nodeId" = 'R_old'`
    rmSync(join(dir, 'one.git'), { recursive: true })
    await bareRepository(dir, 'one', [{ date: '2026-05-03T00:00:00Z', files: { a: 'of another' } }])
    expect(await sweep(dir, 1)).toEqual(['one gone, judged true', 'one there, judged true'])
    const named = await db.repository.findMany({ where: { name: 'one', goneAt: null }, select: { id: true } })
    expect(named).toEqual([first])
  })
})
