import { expect, test } from 'vitest'
import { randomFrom } from '#demo/github/synthetic.ts'
import type { Scope } from '#lib/api/frame.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import { searchActions, searchPackages } from '#lib/store/pages/inventory.ts'
import { saveAccess } from '#lib/store/people.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from './counted-queries.ts'
import { crawl, day, listed, makeOrg, oid, whole } from './made.ts'

const REPOSITORIES = 12
const STEPS = 60
const MANY = 40
const PAGE = { limit: 100 }

/** A text stands for a lockfile and a workflow: what is in it follows from its number. */
function inventoryOf(file: number) {
  const random = randomFrom(file)
  const some = (most: number) => [...new Set(Array.from({ length: 3 }, () => Math.floor(random() * most)))]
  return {
    oid: oid(`file ${file}`),
    packages: some(6).map(at => {
      const [name, version] = [`package-${at % 4}`, `1.${at}`]
      const base = `pkg:npm/${name}`
      return { purl: `${base}@${version}`, base, ecosystem: 'npm', name, version, line: 1, hashed: true }
    }),
    actions: some(6).map(at => {
      const [base, ref] = [`acme/action-${at % 4}`, `v${at}`]
      return { uses: `${base}@${ref}`, base, ref, refId: `${base}@${ref}`, pinned: false, version: null, line: 1 }
    }),
  }
}

describeDatabases('who holds what', database => {
  /** What each viewer is to be told, counted from the files as they are. */
  async function plainly(scope: Scope, held: ReadonlyMap<number, readonly number[]>) {
    const { db } = database
    const rights = scope.sees.all ? [] : await db.repositoryAccess.findMany({ where: { userId: scope.sees.userId } })
    const shown = new Set(rights.map(({ repositoryId }) => repositoryId))
    const repositories = await db.repository.findMany({ where: { orgId: scope.orgId, goneAt: null } })
    const packages = new Map<string, { repositories: Set<bigint>; refs: Set<string> }>()
    const actions: typeof packages = new Map()
    const note = (into: typeof packages, base: string, ref: string, id: bigint) => {
      const known = into.get(base) ?? { repositories: new Set(), refs: new Set() }
      into.set(base, { repositories: known.repositories.add(id), refs: known.refs.add(ref) })
    }
    for (const { id, visibility } of repositories) {
      if (!scope.sees.all && visibility !== 'public' && !shown.has(id)) continue
      for (const inventory of (held.get(Number(id)) ?? []).map(inventoryOf)) {
        for (const { base, version } of inventory.packages) note(packages, base, version, id)
        for (const { base, ref } of inventory.actions) note(actions, base, ref, id)
      }
    }
    const told = (counts: typeof packages) =>
      [...counts].map(([base, use]) => `${base} ${use.repositories.size} ${use.refs.size}`).sort()
    return [told(packages), told(actions)]
  }

  async function read(scope: Scope) {
    const asked = { q: undefined, ecosystem: undefined }
    const found = [
      await searchPackages(database.db, scope, asked, PAGE),
      await searchActions(database.db, scope, asked, PAGE),
    ]
    return found.map(({ rows }) => rows.map(row => `${row.base} ${row.repositories} ${row.versions}`).sort())
  }

  test('is as the files say, for everyone, after any changes of files, visibility, archive and deletion', async () => {
    const { db } = database
    const random = randomFrom(7)
    const upTo = (most: number) => Math.floor(random() * most)
    const org = await makeOrg(
      db,
      Array.from({ length: REPOSITORIES }, (_, at) =>
        listed(at + 1, `r-${at + 1}`, { visibility: at % 2 ? 'private' : 'public' }),
      ),
    )
    await db.user.create({ data: { id: 'member', name: 'member', email: 'member@example.test' } })
    const scopes: Scope[] = [whole(org), { orgId: org.id, sees: { all: false, userId: 'member' } }]
    const held = new Map<number, number[]>()
    for (let step = 0; step < STEPS; step++) {
      const id = 1 + upTo(REPOSITORIES)
      const [change, where] = [upTo(9), { id: BigInt(id) }]
      if (change === 0) await db.repository.updateMany({ where, data: { visibility: upTo(2) ? 'public' : 'private' } })
      else if (change === 1) await db.repository.updateMany({ where, data: { archived: upTo(2) === 0 } })
      else if (change === 2) await db.repository.updateMany({ where, data: { goneAt: upTo(2) ? day(2) : null } })
      else if (change === 3) {
        await db.repository.deleteMany({ where })
        held.delete(id)
        await db.repository.createMany({
          data: [{ ...where, orgId: org.id, nodeId: `R_${id}`, name: `r-${id}`, visibility: 'private', ...NEW }],
        })
      } else if (change === 4) {
        const rights = Array.from({ length: 4 }, () => ({ id: BigInt(1 + upTo(REPOSITORIES)), writes: false }))
        const distinct = [...new Map(rights.map(right => [right.id, right])).values()]
        await saveAccess(db, 'member', { login: null, rights: distinct, teams: [] }, day(1))
      } else {
        const files = Array.from({ length: upTo(3) }, () => upTo(8))
        await crawl(db, id, `c${step}`, Object.fromEntries(files.map(file => [`${file}.lock`, `file ${file}`])))
        await saveInventories(db, files.map(inventoryOf))
        await saveHoldings(db, [where.id])
        held.set(id, files)
      }
      for (const scope of scopes) expect(await read(scope), `step ${step}`).toEqual(await plainly(scope, held))
    }
    expect(held.size).toBeGreaterThan(5)
    // Who sees many is shown them in another way.
    const more = Array.from({ length: MANY }, (_, at) => BigInt(REPOSITORIES + 1 + at))
    await db.repository.createMany({
      data: more.map(id => ({ id, orgId: org.id, nodeId: `R_${id}`, name: `r-${id}`, visibility: 'public', ...NEW })),
    })
    await saveHoldings(db, more)
    for (const scope of scopes) expect(await read(scope)).toEqual(await plainly(scope, held))
    const apart = await db.$queryRaw`
      select r.id from "Repository" r left join "Standing" s on s."repositoryId" = r.id where s.slot is distinct from r.slot`
    expect(apart).toEqual([])
  }, 60_000)

  test('is kept in one statement, and saying it twice changes nothing', async () => {
    const { db } = database
    const org = await makeOrg(db, [listed(1, 'one'), listed(2, 'two')])
    for (const id of [1, 2]) await crawl(db, id, `c${id}`, { 'a.lock': 'file 1' })
    await saveInventories(db, [inventoryOf(1)])
    const { queries } = await countedQueries(() => saveHoldings(db, [1n, 2n]))
    expect(queries).toBe(1)
    const once = await read(whole(org))
    await saveHoldings(db, [1n, 2n])
    expect(await read(whole(org))).toEqual(once)
    expect(once.flat().length).toBeGreaterThan(0)
  })
})

const NEW = { archived: false, fork: false, empty: false, topics: [], teams: [] }
