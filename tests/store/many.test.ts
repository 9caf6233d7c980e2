/** What a statement that touches all repositories of a large organisation costs: as much as they are, not as their square. */
import { expect, test } from 'vitest'
import type { Database } from '#lib/store/database.ts'
import { describeDatabases } from '#tests/database.ts'
import { makeOrg } from './made.ts'

const REPOSITORIES = 8_000
const SLICE = 1_000

describeDatabases('a statement over all repositories', database => {
  test('takes no longer than those over parts of them', { timeout: 120_000 }, async () => {
    const { db } = database
    const { id } = await makeOrg(db, [])
    await db.$executeRaw`
      INSERT INTO "Repository" ("id", "orgId", "nodeId", "name", "visibility", "archived", "fork", "empty", "topics")
      SELECT n, ${id}::int, 'R_' || n, 'r' || n, 'private', false, false, false, '{}'
      FROM generate_series(1, ${REPOSITORIES}::int) n`
    // What triggers plan is planned for the first statement that there is, as in a crawl: of no rows.
    await touch(db, 0, 0)
    const slices = await timed(async () => {
      for (let from = 1; from <= REPOSITORIES; from += SLICE) await touch(db, from, from + SLICE - 1)
    })
    const all = await timed(() => touch(db, 1, REPOSITORIES))
    expect(all).toBeLessThan(3 * slices)
  })
})

async function touch(db: Database, from: number, to: number): Promise<void> {
  await db.$executeRaw`UPDATE "Repository" SET "crawledAt" = now() WHERE "id" BETWEEN ${from}::int AND ${to}::int`
}

/** In milliseconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
