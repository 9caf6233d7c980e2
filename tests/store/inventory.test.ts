import { expect, test } from 'vitest'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import { readRepositoryInventory, searchActions, searchPackages } from '#lib/store/pages/inventory.ts'
import { usersOfAction, usersOfPackage } from '#lib/store/pages/uses.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from './counted-queries.ts'
import { crawl, day, listed, loaded, makeOrg, whole } from './made.ts'

const SHA = 'a'.repeat(40)
const HASH = `--hash=sha256:${'0'.repeat(64)}`
const ALL = { limit: 100 }
const NOWHERE = { rows: [], next: null, previous: null, total: 0 }
const PLACES = { limit: 100, counted: true }

/** The first line tells the made-up ids of the texts apart. */
function workflow(name: string, uses: string): string {
  return `# ${name} ${'-'.repeat(20)}\non: push\njobs:\n  a:\n    steps:\n      - uses: ${uses}\n`
}

describeDatabases('the inventory', database => {
  async function kept(repository: number, commit: string, files: Record<string, string>) {
    const { db } = database
    const { snapshot } = await loaded(db, await crawl(db, repository, commit, files))
    const inventories = inventoriesOf(snapshot)
    await saveInventories(db, inventories)
    await saveHoldings(db, [BigInt(repository)])
    return inventories
  }

  const org = async () => whole(await makeOrg(database.db, [listed(1, 'one'), listed(2, 'two'), listed(3, 'three')]))

  test('tells who uses a package: by its purl, or in any version, with line and hash', async () => {
    const scope = await org()
    await kept(1, 'c1', { 'requirements.txt': `Left_Pad==1.0 ${HASH}\nother==2\n` })
    await kept(2, 'c2', { 'api/requirements.txt': 'other==2\nleft-pad==2.0\nx\n' })
    const places = async (purl: string) =>
      (await usersOfPackage(database.db, scope, purl, PLACES)).rows.map(
        ({ repository, path, line, version, immutable }) => [repository, path, line, version, immutable],
      )
    expect(await places('pkg:pypi/left-pad')).toEqual([
      ['one', 'requirements.txt', 1, '1.0', true],
      ['two', 'api/requirements.txt', 2, '2.0', false],
    ])
    expect(await places('pkg:pypi/left-pad@2.0')).toEqual([['two', 'api/requirements.txt', 2, '2.0', false]])
    expect(await places('pkg:pypi/left')).toEqual([])
  })

  test('tells who calls an action, whatever its case, and what a tag pointed to when it was last asked', async () => {
    const scope = await org()
    await kept(1, 'c1', { '.github/workflows/a.yml': workflow('a', `Acme/Do/sub@${SHA} # v1.2.3`) })
    await kept(2, 'c2', { '.github/workflows/b.yml': workflow('b', 'acme/do@v1') })
    await kept(3, 'c3', {
      'action.yml': `# c ${'-'.repeat(20)}\nruns:\n  using: composite\n  steps:\n    - uses: docker://alpine:3.20\n`,
    })
    await database.db.actionRef.create({
      data: { id: 'acme/do@v1', commit: SHA, version: 'v1.9.0', checkedAt: day(1) },
    })
    const places = async (uses: string) =>
      (await usersOfAction(database.db, scope, uses, PLACES)).rows.map(({ commit: _, what: __, ...use }) => use)
    const pinned = {
      repository: 'one',
      path: '.github/workflows/a.yml',
      line: 6,
      name: `Acme/Do/sub@${SHA}`,
      immutable: true,
      version: 'v1.2.3',
    }
    const tagged = {
      repository: 'two',
      path: '.github/workflows/b.yml',
      line: 6,
      name: 'acme/do@v1',
      immutable: false,
      version: 'v1.9.0',
    }
    expect(await places('acme/do')).toEqual([pinned, tagged])
    expect(await places('ACME/do@v1')).toEqual([tagged])
    expect(await places('docker://alpine')).toMatchObject([{ repository: 'three', line: 5, version: '3.20' }])
  })

  test('a file that many repositories share has one row, and costs one query after the first time', async () => {
    const scope = await org()
    const files = { 'requirements.txt': 'shared==1.0\n' }
    const first = await kept(1, 'c1', files)
    const again = await countedQueries(() => saveInventories(database.db, first))
    expect(again.queries).toBe(1)
    await kept(2, 'c2', files)
    await kept(3, 'c3', { ...files, 'other/requirements.txt': 'shared==1.0\n' })
    expect(await database.db.inventory.count()).toBe(1)
    const { result, queries } = await countedQueries(() =>
      usersOfPackage(database.db, scope, 'pkg:pypi/shared', { limit: 2, after: ['one', 1], counted: true }),
    )
    expect(queries).toBe(3)
    expect(result.total).toBe(4)
    const behind = { limit: 2, after: ['zoo', 1] as [string, number], counted: true }
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/shared', behind)).toMatchObject({ rows: [], total: 4 })
    expect(result.rows.map(({ repository, path }) => [repository, path])).toEqual([
      ['three', 'other/requirements.txt'],
      ['three', 'requirements.txt'],
    ])
  })

  test('what a repository no longer holds, and what the asker may not see, is not told', async () => {
    const scope = await org()
    await kept(1, 'c1', { 'requirements.txt': 'gone==1.0\n' })
    await kept(1, 'c2', { 'requirements.txt': 'here==1.0\n' })
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/gone', PLACES)).toEqual(NOWHERE)
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/here', PLACES)).toMatchObject({ total: 1 })
    await database.db.repository.update({ where: { id: 1n }, data: { visibility: 'private' } })
    const stranger = { ...scope, sees: { all: false as const, userId: 'nobody' } }
    expect(await usersOfPackage(database.db, stranger, 'pkg:pypi/here', PLACES)).toEqual(NOWHERE)
  })

  test('finds packages by what their name or its last part begins with, the exact one first, and counts their spread', async () => {
    const scope = await org()
    const lock = (...names: string[]) => ({
      'package-lock.json': JSON.stringify({
        name: `${names.at(-1)} and the others`,
        lockfileVersion: 3,
        packages: Object.fromEntries(names.map(name => [`node_modules/${name}`, { version: '1.0.0' }])),
      }),
    })
    await kept(1, 'c1', { ...lock('react', '@types/react', 're_ct'), 'requirements.txt': 'reacting==1\n' })
    await kept(2, 'c2', { ...lock('react', 'react-dom', 'preact') })
    const found = async (asked: { q?: string; ecosystem?: string }, page = ALL) => {
      const every = { q: undefined, ecosystem: undefined }
      const { rows, next } = await searchPackages(database.db, scope, { ...every, ...asked }, page)
      return [...rows.map(({ name, repositories }) => `${name} ${repositories}`), ...(next ? ['…'] : [])]
    }
    expect(await found({ q: 'React' })).toEqual(['react 2', '@types/react 1', 'react-dom 1', 'reacting 1'])
    expect(await found({ q: 'react', ecosystem: 'pypi' })).toEqual(['reacting 1'])
    expect(await found({ q: 'react' }, { limit: 2 })).toEqual(['react 2', '@types/react 1', '…'])
    expect(await found({ q: 're_' })).toEqual(['re_ct 1'])
    expect(await found({ q: '100%\0' })).toEqual([])
  })

  test('names no package and no action of which the asker sees no use, and none of them takes a place on a page', async () => {
    const scope = await org()
    await kept(1, 'c1', {
      'requirements.txt': 'a-secret==1\nshared==1\n',
      '.github/workflows/a.yml': workflow('secret', 'corp/secret@v1'),
    })
    await kept(2, 'c2', {
      'requirements.txt': 'shared==1\nshared-too==2\n',
      '.github/workflows/a.yml': workflow('open', 'corp/open@v1'),
    })
    await database.db.repository.update({ where: { id: 1n }, data: { visibility: 'private' } })
    const stranger = { ...scope, sees: { all: false as const, userId: 'nobody' } }
    const every = { q: undefined, ecosystem: undefined }
    const one = (after: [boolean, string] | undefined) =>
      searchPackages(database.db, stranger, every, { limit: 1, after })
    expect(await one(undefined)).toMatchObject({ rows: [{ name: 'shared' }], next: expect.any(String) })
    expect(await one([true, 'pkg:pypi/shared'])).toMatchObject({ rows: [{ name: 'shared-too' }], next: null })
    expect(await searchPackages(database.db, stranger, every, ALL)).toMatchObject({
      rows: [{ name: 'shared', repositories: 1 }, { name: 'shared-too' }],
      next: null,
    })
    expect(await searchActions(database.db, stranger, { q: '' }, ALL)).toMatchObject({ rows: [{ base: 'corp/open' }] })
    expect(await searchActions(database.db, scope, { q: 'SECRET' }, ALL)).toMatchObject({
      rows: [{ base: 'corp/secret' }],
    })
    expect(
      await readRepositoryInventory(database.db, stranger, 'one', { kind: 'packages', q: undefined, page: 1 }),
    ).toBeNull()
  })

  test('tells what one repository names, by file and line', async () => {
    const scope = await org()
    await kept(1, 'c1', {
      'requirements.txt': `b==1.0 ${HASH}\na\n`,
      '.github/workflows/a.yml': workflow('told', `acme/do@${SHA} # v1.2.3`),
    })
    const asked = { kind: 'packages' as const, q: undefined, page: 1 }
    const { result, queries } = await countedQueries(() => readRepositoryInventory(database.db, scope, 'one', asked))
    expect(queries).toBe(2)
    expect(result).toMatchObject({
      name: 'one',
      total: 2,
      rows: [
        { path: 'requirements.txt', line: 1, name: 'b', version: '1.0', immutable: true },
        { path: 'requirements.txt', line: 2, name: 'a', version: null, immutable: false },
      ],
    })
    const actions = await readRepositoryInventory(database.db, scope, 'one', { ...asked, kind: 'actions' })
    expect(actions).toMatchObject({ total: 1, rows: [{ name: `acme/do@${SHA}`, version: 'v1.2.3', immutable: true }] })
    expect(await readRepositoryInventory(database.db, scope, 'two', asked)).toMatchObject({ total: 0, rows: [] })
  })

  test('rows of older readers are made anew', async () => {
    const scope = await org()
    const inventories = await kept(1, 'c1', { 'requirements.txt': 'a==1.0\nb==2.0\n' })
    await database.db.inventory.updateMany({ data: { version: 0, packages: [] } })
    await saveInventories(database.db, inventories)
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/b@2.0', PLACES)).toMatchObject({ rows: [{ line: 2 }] })
  })

  test('names that no database holds as they are neither throw nor hide the others', async () => {
    const scope = await org()
    const names = ['a\0b', '\ud800', 'x'.repeat(5000), 'c']
    const packages = Object.fromEntries(names.map(name => [`node_modules/${name}`, { version: '1.0.0' }]))
    await kept(1, 'c1', { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }) })
    expect(await usersOfPackage(database.db, scope, 'pkg:npm/c@1.0.0', PLACES)).toMatchObject({ total: 1 })
  })

  test('is found from the purl on by index, however many files there are', async () => {
    const { db } = database
    const plan = await db.$transaction(async tx => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`
      return tx.$queryRaw<object[]>`
        EXPLAIN SELECT "blobOid" FROM "Inventory" WHERE "packages" @> ARRAY[(SELECT "id" FROM "Package" WHERE "base" = 'pkg:pypi/a')]`
    })
    expect(JSON.stringify(plan)).toContain('Inventory_packages_idx')
    expect(JSON.stringify(plan)).toContain('Package_base_idx')
  })
})
