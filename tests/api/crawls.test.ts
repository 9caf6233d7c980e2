import { expect, test } from 'vitest'
import { type CrawlRun, doneBy, isKept } from '#lib/api/crawls.ts'

const now = new Date('2026-06-01T12:00:00Z')
const run: CrawlRun = {
  id: 1,
  kind: 'first',
  state: 'running',
  reason: null,
  startedAt: '2026-06-01T11:50:00Z',
  finishedAt: null,
  total: 500,
  done: 200,
  outcomes: { ok: 100, unchanged: 100 },
  rest: 100,
  points: 10,
  git: 0,
  budget: null,
}
const budget = (remaining: number, resetAt: string) => ({ limit: 5_000, remaining, resetAt })

test('a run is done by its pace, which counts only what was read', () => {
  expect(doneBy(run, now)).toEqual(new Date('2026-06-01T12:30:00Z'))
  expect(doneBy({ ...run, state: 'done' }, now)).toBeNull()
  expect(doneBy({ ...run, outcomes: { unchanged: 200 } }, now)).toBeNull()
})

test('where both budgets are used up, not before the sooner of them is full again', () => {
  const core = budget(900, '2026-06-01T12:55:00Z')
  const graphql = budget(0, '2026-06-01T12:45:00Z')
  expect(doneBy({ ...run, budget: { core, graphql } }, now)).toEqual(new Date('2026-06-01T12:45:00Z'))
  const left = { core, graphql: budget(4_000, '2026-06-01T12:45:00Z') }
  expect(doneBy({ ...run, budget: left }, now)).toEqual(new Date('2026-06-01T12:30:00Z'))
})

test('of a budget of which a fifth is left a crawl gets no more', () => {
  expect(isKept(budget(1_001, '2026-06-01T12:45:00Z'))).toBe(false)
  expect(isKept(budget(1_000, '2026-06-01T12:45:00Z'))).toBe(true)
})
