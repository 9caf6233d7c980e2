/** What a worker holds stays the same however large the organisation is: in real processes, as the system counts it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { peakOf } from '../../bench/usage.ts'
import { describePostgres } from '../database.ts'
import { end, until, workersOf } from './worker-process.ts'

const MOST_MB = 600
/** Only Linux tells it of other processes. */
const isTold = peakOf(process.pid) !== null

test('garbage is collected before it is as much as what is held', () => {
  const program = join(import.meta.dirname, 'holding-process.ts')
  const peak = Number(execFileSync(process.execPath, [program], { encoding: 'utf8' }))
  expect(peak).toBeGreaterThan(60)
  // With V8's own measure it is 550.
  expect(peak).toBeLessThan(440)
})

describePostgres('the memory of a worker', database => {
  const workers = workersOf(() => database.url)

  async function peakOver(repositories: number): Promise<number> {
    const { apiUrl } = await workers.serve(repositories)
    const worker = workers.start(apiUrl)
    await until(async () => (await database.db.scan.count()) >= repositories)
    const peak = peakOf(worker.pid ?? 0) ?? Number.NaN
    expect(await end(worker, 'SIGTERM')).toBe(0)
    return peak
  }

  test.runIf(isTold)('does not grow with the organisation', { timeout: 300_000 }, async () => {
    const small = await peakOver(100)
    await database.db.org.deleteMany()
    const large = await peakOver(400)
    expect(small).toBeGreaterThan(80)
    expect(large).toBeLessThan(MOST_MB)
    expect(large - small).toBeLessThan(120)
  })
})
