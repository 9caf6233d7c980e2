/** A first crawl by a token whose requests of the hour others have used up: what its points and git are enough for goes on. */
import { expect, test } from 'vitest'
import { describePostgres } from '../database.ts'
import { PLANTED } from '../planted.ts'
import { until, workersOf } from './worker-process.ts'

const REPOSITORIES = 30
const HOURLY = 20

describePostgres('where the REST requests of the hour are used up', database => {
  const workers = workersOf(() => database.url)

  test('all repositories are crawled and judged, and their settings wait', { timeout: 120_000 }, async () => {
    const { db } = database
    const { apiUrl, counters } = await workers.serve(REPOSITORIES, { limits: { rest: HOURLY, points: 5_000 } })
    const headers = { authorization: `Bearer ${PLANTED.installation}` }
    for (let spent = 0; spent < HOURLY; spent += 1) await fetch(`${apiUrl}/orgs/acme/repos`, { headers })
    expect(counters.rest).toBe(HOURLY)
    workers.start(apiUrl)
    await until(async () => (await db.scan.count()) >= REPOSITORIES)
    await until(async () => (await db.crawlRun.count({ where: { state: 'done' } })) === 1)
    expect(await db.repository.count({ where: { outcome: 'ok' } })).toBe(REPOSITORIES)
    // The settings may ask before anybody was told what is left; refused once, they wait.
    expect(counters.rest).toBeLessThanOrEqual(HOURLY + 1)
    expect(await db.org.findMany({ select: { settingsAt: true, sweptAt: true } })).toEqual([
      { settingsAt: null, sweptAt: expect.any(Date) },
    ])
  })
})
