import { expect, test } from 'vitest'
import { inlineQueue } from '#lib/queue/inline.ts'
import type { JobName } from '#lib/queue/jobs.ts'

/** Handlers that take some turns, and what ran beside what. */
function recorder() {
  const running: string[] = []
  const seen: string[] = []
  let failing: number | null = null
  const work = (name: JobName) => async (payload: { orgId?: number; snapshotIds?: number[] }) => {
    const what = payload.snapshotIds?.[0] ?? payload.orgId ?? 0
    running.push(`${name} ${what}`)
    seen.push(running.join(' + '))
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    running.splice(running.indexOf(`${name} ${what}`), 1)
    if (what === failing) throw new Error(`Job ${what} failed.`)
    seen.push(`end of ${what}`)
  }
  const handlers = {
    'discover-repositories': work('discover-repositories'),
    'crawl-repositories': work('crawl-repositories'),
    'look-again': work('look-again'),
    'read-organisation': work('read-organisation'),
    'read-settings': work('read-settings'),
    'test-token': work('test-token'),
    'thin-history': work('thin-history'),
    'scan-snapshots': work('scan-snapshots'),
    'try-policy': work('try-policy'),
  }
  return { handlers, seen, fail: (what: number) => (failing = what) }
}

async function scansAskedFor(many: number) {
  const queue = inlineQueue()
  for (let id = 1; id <= many; id++) await queue.enqueue('scan-snapshots', { snapshotIds: [id] })
  await queue.enqueue('thin-history', { orgId: 9 })
  return queue
}

const GO_ON = new AbortController().signal

test('jobs run one after the other, in order', async () => {
  const { handlers, seen } = recorder()
  await (await scansAskedFor(2)).drain(handlers, GO_ON)
  expect(seen).toEqual(['scan-snapshots 1', 'end of 1', 'scan-snapshots 2', 'end of 2', 'thin-history 9', 'end of 9'])
})

test('of a name so many run beside each other as may, and what follows waits for all of them', async () => {
  const { handlers, seen } = recorder()
  await (await scansAskedFor(3)).drain(handlers, GO_ON, { 'scan-snapshots': 2, 'thin-history': 2 })
  expect(seen).toEqual([
    'scan-snapshots 1',
    'scan-snapshots 1 + scan-snapshots 2',
    'end of 1',
    'end of 2',
    'scan-snapshots 3',
    'end of 3',
    'thin-history 9',
    'end of 9',
  ])
})

test('where one fails those beside it are waited for, and nothing more is begun', async () => {
  const { handlers, seen, fail } = recorder()
  fail(1)
  const drained = (await scansAskedFor(3)).drain(handlers, GO_ON, { 'scan-snapshots': 2 })
  await expect(drained).rejects.toThrow('Job 1 failed.')
  expect(seen).toEqual(['scan-snapshots 1', 'scan-snapshots 1 + scan-snapshots 2', 'end of 2'])
})
