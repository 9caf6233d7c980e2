import { afterAll, expect, test } from 'vitest'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const now = () => new Date('2026-06-01T00:00:00Z')
const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

describeDatabases('a listing', database => {
  test('that GitHub shortened is told with its run, which reads what was listed all the same', async () => {
    const { db } = database
    const dir = await repositories({ one: { a: '1' } })
    const { source, client } = await hosted(dir, [
      { on: { operation: 'ListRepositories' }, fault: { kind: 'sso-partial' } },
    ])
    const { api, web } = client.addresses
    const org = await saveOrg(db, { login: 'acme', apiUrl: api, webUrl: web, demo: false })
    const queue = inlineQueue()
    const log = createLog('silent')
    const bookUsage = usageBook(db, client)
    const handlers = handlersOf({ db, queue, judges, source, now, log, replay: false, bookUsage })
    await queue.enqueue('discover-repositories', { orgId: org.id })
    await queue.drain(handlers, new AbortController().signal)
    const { runs } = await readCrawls(db, { orgId: org.id, sees: { all: true } })
    expect(runs).toEqual([
      expect.objectContaining({
        state: 'done',
        outcomes: { ok: 1 },
        reason: 'GitHub left repositories out because the token is not authorised for single sign-on.',
      }),
    ])
  })
})
