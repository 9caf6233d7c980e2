import { expect, test } from 'vitest'
import { patienceOf } from '#lib/api/crawls.ts'
import { readNewestRun } from '#lib/store/pages/crawls.ts'
import { unheardSince } from '#lib/store/pages/unheard.ts'
import { describeDatabases } from '#tests/database.ts'
import { day, listed, makeOrg, whole } from '../made.ts'

const NOW = day(40)
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

test('a pause until the next hour is waited for, and so are some looks that come seldom', () => {
  expect(patienceOf(15)).toBe(2 * 3_600_000)
  expect(patienceOf(1440)).toBe(4 * 24 * 3_600_000)
})

describeDatabases('since when no worker was heard of', database => {
  async function ofRun(run: { kind?: string; state: string; began: number; ended?: number; settled?: number }) {
    const org = await makeOrg(database.db, [listed(1, 'web')])
    const { id } = await database.db.crawlRun.create({
      data: {
        orgId: org.id,
        kind: run.kind ?? 'poll',
        state: run.state,
        startedAt: hoursAgo(run.began),
        finishedAt: run.ended === undefined ? null : hoursAgo(run.ended),
      },
    })
    if (run.settled !== undefined) {
      const at = hoursAgo(run.settled)
      await database.db.crawlOutcome.create({
        data: { runId: id, repositoryId: 1n, name: 'web', outcome: 'ok', at },
      })
    }
    const newest = await readNewestRun(database.db, whole(org))
    return unheardSince(database.db, newest, patienceOf(15), NOW)
  }

  test('a crawl that ended lately says that it works', async () => {
    expect(await ofRun({ state: 'done', began: 9, ended: 1 })).toBeNull()
  })

  test('one that ended long ago is the last that was heard', async () => {
    expect(await ofRun({ state: 'done', began: 73, ended: 72 })).toEqual(hoursAgo(72))
  })

  test('a long one that goes on is heard of by what it settles', async () => {
    expect(await ofRun({ state: 'running', began: 9, settled: 1 })).toBeNull()
  })

  test('one that broke off in the middle is not taken for one that goes on', async () => {
    expect(await ofRun({ state: 'running', began: 80, settled: 72 })).toEqual(hoursAgo(72))
    expect(await unheardSince(database.db, null, patienceOf(15), NOW)).toBeNull()
  })

  test('the demo’s past, which is told with its own dates, says nothing', async () => {
    expect(await ofRun({ kind: 'replay', state: 'done', began: 9000, ended: 9000 })).toBeNull()
  })
})
