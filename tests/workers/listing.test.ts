import { expect, test } from 'vitest'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { inlineWorkers } from './inline-worker.ts'

const worker = inlineWorkers()

describeDatabases('a listing', database => {
  test('that GitHub shortened is told with its run, which reads what was listed all the same', async () => {
    const { db } = database
    const dir = await repositories({ one: { a: '1' } })
    const { org, work } = await worker(db, dir, [
      { on: { operation: 'ListRepositories' }, fault: { kind: 'sso-partial' } },
    ])
    await work('discover-repositories')
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
