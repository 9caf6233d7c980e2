/** A short soak: the long ones are benches. Whatever is killed at whatever moment, nothing is lost, doubled or stuck. */
import { expect, inject, test } from 'vitest'
import { soak } from '../../bench/soak-run.ts'

const SHORT = { repos: 24, seed: 6, pages: false, between: [1_000, 3_000], pushEvery: 2 } as const
const LIMIT = { timeout: 300_000 }

test.skipIf(inject('postgresPrograms') === null)(
  'two workers and their PostgreSQL, killed six times while pushes come in',
  LIMIT,
  async () => {
    const { counts, wrong } = await soak({ ...SHORT, kills: 6, workers: 2, embedded: false })
    expect(wrong).toEqual([])
    expect(counts).toMatchObject({ 'worker killed': 4, 'database killed': 2 })
  },
)

test('a worker on the embedded database, killed three times while pushes come in', LIMIT, async () => {
  const { counts, wrong } = await soak({ ...SHORT, kills: 3, workers: 1, embedded: true })
  expect(wrong).toEqual([])
  expect(counts['worker killed']).toBe(3)
})
