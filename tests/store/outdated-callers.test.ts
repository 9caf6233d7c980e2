import { expect, test } from 'vitest'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import type { Database } from '#lib/store/database.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import { outdatedCallers } from '#lib/store/outdated-callers.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from './counted-queries.ts'
import { crawl, day, listed, loaded, makeOrg, oid, report } from './made.ts'

const [LIBRARY, CALLER, OTHER] = [1, 2, 3]

/** The first words tell the made-up ids of the texts apart. */
function workflow(name: string, uses: string): string {
  return `# ${name} ${'-'.repeat(20)}\non: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`
}

describeDatabases('who calls what was taken since', database => {
  const org = () => makeOrg(database.db, [listed(LIBRARY, 'Library'), listed(CALLER, 'caller'), listed(OTHER, 'other')])

  /** Taken and judged on these days. Returns the snapshot's id. */
  async function judged(
    db: Database,
    id: number,
    files: Record<string, string>,
    on: { taken: number; scanned: number },
  ) {
    const snapshotId = await crawl(db, id, `c${id} ${on.taken}`, files)
    await db.snapshot.update({ where: { id: snapshotId }, data: { takenAt: day(on.taken) } })
    const { snapshot } = await loaded(db, snapshotId)
    await saveInventories(db, inventoriesOf(snapshot))
    await saveHoldings(db, [BigInt(id)])
    const by = {
      repositoryId: BigInt(id),
      snapshotId,
      headOid: oid(`c${id} ${on.taken}`),
      policyHash: 'p1',
      weights: { itemWeights: {}, checkWeights: {} },
    }
    const now = day(on.scanned)
    await saveScans(db, [{ ...by, checklistVersion: 'v1', report: report([]), now, again: false }])
    return snapshotId
  }

  const action = (version: number) => ({ 'action.yml': `name: ${version} ${'-'.repeat(20)}\n` })
  const calls = (name: string, uses: string) => ({ '.github/workflows/a.yml': workflow(name, uses) })

  test('is who names it in whatever case, until it is judged once more; who calls others, or itself, is not', async () => {
    const { db } = database
    const { id } = await org()
    await judged(db, LIBRARY, { ...action(1), ...calls('own', 'acme/library@v1') }, { taken: 1, scanned: 1 })
    const caller = await judged(db, CALLER, calls('caller', 'ACME/library/do@v1'), { taken: 1, scanned: 2 })
    await judged(db, OTHER, calls('other', 'someone/library@v1'), { taken: 1, scanned: 1 })
    expect(await outdatedCallers(db, id)).toEqual([])

    await judged(db, LIBRARY, { ...action(2), ...calls('own', 'acme/library@v1') }, { taken: 3, scanned: 3 })
    const { result, queries } = await countedQueries(() => outdatedCallers(db, id))
    expect([result, queries]).toEqual([[caller], 1])
    expect(await outdatedCallers(db, id, [caller])).toEqual([caller])
    expect(await outdatedCallers(db, id, [caller + 1000])).toEqual([])
    expect(await outdatedCallers(db, id + 1)).toEqual([])

    await judged(db, CALLER, calls('caller', 'ACME/library/do@v1'), { taken: 4, scanned: 4 })
    expect(await outdatedCallers(db, id)).toEqual([])
  })

  test('is nobody who no longer calls it or is gone, and who calls what was not known yet', async () => {
    const { db } = database
    const { id } = await org()
    const early = await judged(db, CALLER, calls('early', 'acme/library@v1'), { taken: 1, scanned: 1 })
    const other = await judged(db, OTHER, calls('other', 'acme/library@v2'), { taken: 1, scanned: 1 })
    expect(await outdatedCallers(db, id)).toEqual([])
    await judged(db, LIBRARY, action(1), { taken: 2, scanned: 2 })
    expect(await outdatedCallers(db, id)).toEqual([early, other])

    await db.repository.update({ where: { id: BigInt(OTHER) }, data: { goneAt: day(2) } })
    expect(await outdatedCallers(db, id)).toEqual([early])
    await judged(db, CALLER, calls('free', 'someone/else@v1'), { taken: 2, scanned: 2 })
    await judged(db, LIBRARY, action(2), { taken: 3, scanned: 3 })
    expect(await outdatedCallers(db, id)).toEqual([])

    await db.repository.update({ where: { id: BigInt(OTHER) }, data: { goneAt: null } })
    expect(await outdatedCallers(db, id)).toEqual([other])
    await db.repository.update({ where: { id: BigInt(LIBRARY) }, data: { goneAt: day(3) } })
    expect(await outdatedCallers(db, id)).toEqual([])
  })
})
