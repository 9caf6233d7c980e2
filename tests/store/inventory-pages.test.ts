import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import { inventoryQuery } from '#lib/api/inventory.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import { listActions, listActionUses, listFindings, listPackages, listPackageUses } from '#lib/store/pages/api.ts'
import { cursorAt, cursorOf } from '#lib/store/pages/cursor.ts'
import { partOf, searchPackages } from '#lib/store/pages/inventory.ts'
import { usersOfAction, usersOfPackage, usesPartOf } from '#lib/store/pages/uses.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, listed, loaded, makeOrg, whole } from './made.ts'

const REPOSITORIES = 7
const ALL = { limit: 200 }
type Part = Parameters<typeof usersOfPackage>[3]

/** The first words tell the made-up ids of the texts apart. Each names one of its own and one of its neighbours', and all of them the same two, in two files. */
function filesOf(id: number): Record<string, string> {
  const text = `# locked ${id} ${'-'.repeat(20)}\na-${id}==1\na-${(id % REPOSITORIES) + 1}==1\nshared==1\na==2\n`
  const workflow = `# called ${id} ${'-'.repeat(20)}\non: push\njobs:\n  a:\n    steps:\n      - uses: acme/do-${id}@v1\n      - uses: acme/do@v${id % 2}\n`
  return { 'requirements.txt': text, 'docs/requirements.txt': `${text}#`, '.github/workflows/a.yml': workflow }
}

describeDatabases('the inventory, page by page', database => {
  async function scopes(): Promise<Scope[]> {
    const { db } = database
    const ids = Array.from({ length: REPOSITORIES }, (_, at) => at + 1)
    const org = await makeOrg(
      db,
      ids.map(id => listed(id, `r-${id}`, { visibility: id % 3 ? 'private' : 'public' })),
    )
    for (const id of ids) {
      const { snapshot } = await loaded(db, await crawl(db, id, `c${id}`, filesOf(id)))
      await saveInventories(db, inventoriesOf(snapshot))
      await saveHoldings(db, [BigInt(id)])
    }
    return [whole(org), { orgId: org.id, sees: { all: false, userId: 'stranger' } }]
  }

  const every = { q: undefined, ecosystem: undefined }

  test('shows every row once, in one order, forward by its cursors and back again', async () => {
    const { db } = database
    for (const scope of await scopes()) {
      for (const q of [undefined, 'a', 'no-such']) {
        const asked = { ...every, q }
        const { rows, next, previous } = await searchPackages(db, scope, asked, ALL)
        expect([next, previous]).toEqual([null, null])
        for (const limit of [1, 3]) {
          const pages = [await searchPackages(db, scope, asked, { limit })]
          for (let after = pages[0]?.next ?? null; after; after = pages.at(-1)?.next ?? null)
            pages.push(await searchPackages(db, scope, asked, { ...at({ after }), limit }))
          expect(pages.flatMap(page => page.rows)).toEqual(rows)
          const back = pages.slice(-1)
          for (let upTo = back[0]?.previous ?? null; upTo; upTo = back.at(-1)?.previous ?? null)
            back.push(await searchPackages(db, scope, asked, { ...at({ upTo }), limit }))
          expect(back.toReversed()).toEqual(pages)
        }
      }
    }
  })

  test('shows every place once, in one order, forward by its cursors and back again', async () => {
    const { db } = database
    for (const scope of await scopes()) {
      const lists = [
        (part: Part) => usersOfPackage(db, scope, 'pkg:pypi/shared', part),
        (part: Part) => usersOfPackage(db, scope, 'pkg:pypi/a-3', part),
        (part: Part) => usersOfAction(db, scope, 'acme/do', part),
        (part: Part) => usersOfAction(db, scope, 'acme/no-such', part),
      ]
      for (const list of lists) {
        const { rows, next, previous, total } = await list({ limit: 200, counted: true })
        expect([next, previous, total]).toEqual([null, null, rows.length])
        for (const limit of [1, 2, 3]) {
          const pages = [await list({ limit })]
          for (let after = pages[0]?.next ?? null; after; after = pages.at(-1)?.next ?? null)
            pages.push(await list({ ...usesPartOf(inventoryQuery.parse({ after })), limit, counted: false }))
          expect(pages.flatMap(page => page.rows)).toEqual(rows)
          const back = pages.slice(-1)
          for (let upTo = back[0]?.previous ?? null; upTo; upTo = back.at(-1)?.previous ?? null)
            back.push(await list({ ...usesPartOf(inventoryQuery.parse({ upTo })), limit, counted: false }))
          expect(back.toReversed()).toEqual(pages)
        }
      }
    }
  })

  const at = (cursors: { after?: string; upTo?: string }) => partOf(inventoryQuery.parse(cursors))

  test('the API hands out the same rows, however many to a page', async () => {
    const { db } = database
    for (const scope of await scopes()) {
      const { packages, actions, packageUses, actionUses } = ENDPOINTS
      const lists: ((
        limit: number,
        cursor: string | undefined,
      ) => Promise<{ rows: unknown[]; next: string | null }>)[] = [
        (limit, cursor) => listPackages(db, scope, packages.query.parse({ limit, cursor, q: 'a' })),
        (limit, cursor) => listActions(db, scope, actions.query.parse({ limit, cursor })),
        (limit, cursor) =>
          listPackageUses(db, scope, packageUses.query.parse({ limit, cursor, purl: 'pkg:pypi/shared' })),
        (limit, cursor) => listPackageUses(db, scope, packageUses.query.parse({ limit, cursor, purl: 'pkg:pypi/a-3' })),
        (limit, cursor) => listActionUses(db, scope, actionUses.query.parse({ limit, cursor, uses: 'acme/do' })),
      ]
      for (const list of lists) {
        const { rows, next } = await list(100, undefined)
        expect(next).toBeNull()
        expect(rows.length).toBeGreaterThan(1)
        for (const limit of [1, 3]) {
          const found: unknown[] = []
          let cursor: string | undefined
          do {
            const page = await list(limit, cursor)
            expect(page.rows.length).toBeLessThanOrEqual(limit)
            found.push(...page.rows)
            cursor = page.next ?? undefined
          } while (cursor !== undefined)
          expect(found).toEqual(rows)
        }
      }
    }
  })

  test('a repository that is gone between two pages takes no row of the next one with it', async () => {
    const { db } = database
    const [scope] = await scopes()
    if (scope === undefined) throw new Error('There is no organisation.')
    const part = (after: [string, number]) => usersOfPackage(db, scope, 'pkg:pypi/shared', { limit: 2, after })
    const behind = (await part(['r-2', 1])).rows.map(({ repository }) => repository)
    expect(behind).toEqual(['r-2', 'r-3'])
    await db.repository.deleteMany({ where: { id: 2n } })
    expect((await part(['r-2', 1])).rows.map(({ repository }) => repository)).toEqual(['r-3', 'r-3'])
  })

  test('a cursor of another kind is refused by the API, and for the page there is none', async () => {
    const { db } = database
    const [scope] = await scopes()
    if (scope === undefined) throw new Error('There is no organisation.')
    const { packages, actions, packageUses, findings } = ENDPOINTS
    const others = [
      cursorOf(50),
      cursorOf('r-1'),
      cursorAt([]),
      cursorAt(['x', -1]),
      cursorAt([1, 2]),
      '!',
      cursorOf('{'),
    ]
    for (const cursor of others) {
      const refused = { code: 'invalid-input', message: 'This cursor is none.' }
      await expect(listPackages(db, scope, packages.query.parse({ cursor }))).rejects.toMatchObject(refused)
      await expect(listActions(db, scope, actions.query.parse({ cursor }))).rejects.toMatchObject(refused)
      await expect(listFindings(db, scope, findings.query.parse({ cursor }))).rejects.toMatchObject(refused)
      const uses = packageUses.query.parse({ cursor, purl: 'pkg:pypi/shared' })
      await expect(listPackageUses(db, scope, uses)).rejects.toMatchObject(refused)
      expect(await searchPackages(db, scope, every, at({ after: cursor }))).toMatchObject({ previous: null })
      expect(usesPartOf(inventoryQuery.parse({ upTo: cursor }))).toMatchObject({ after: undefined, upTo: undefined })
    }
    for (const other of [true, false])
      for (const base of ['\0', '\ud800', ''])
        for (const turned of [{ after: cursorAt([other, base]) }, { upTo: cursorAt([other, base]) }])
          await expect(searchPackages(db, scope, every, at(turned))).resolves.toMatchObject({ rows: expect.any(Array) })
    const nul = findings.query.parse({ cursor: cursorAt(['2026-01-01T00:00:00Z', '\0', '\0', '']) })
    expect((await listFindings(db, scope, nul)).rows).toEqual([])
  })
})
