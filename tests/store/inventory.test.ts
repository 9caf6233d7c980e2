import { expect, test } from 'vitest'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import { saveInventories, usersOfAction, usersOfPackage } from '#lib/store/inventory.ts'
import { describeDatabases } from '#tests/database.ts'
import { countedQueries } from './counted-queries.ts'
import { crawl, day, listed, loaded, makeOrg, whole } from './made.ts'

const SHA = 'a'.repeat(40)
const HASH = `--hash=sha256:${'0'.repeat(64)}`
const ALL = { limit: 100, offset: 0 }

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
    return inventories
  }

  const org = async () => whole(await makeOrg(database.db, [listed(1, 'one'), listed(2, 'two'), listed(3, 'three')]))

  test('tells who uses a package: by its purl, or in any version, with line and hash', async () => {
    const scope = await org()
    await kept(1, 'c1', { 'requirements.txt': `Left_Pad==1.0 ${HASH}\nother==2\n` })
    await kept(2, 'c2', { 'api/requirements.txt': 'other==2\nleft-pad==2.0\nx\n' })
    const places = async (purl: string) =>
      (await usersOfPackage(database.db, scope, purl, ALL)).map(({ repository, path, line, version, hashed }) => [
        repository,
        path,
        line,
        version,
        hashed,
      ])
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
      (await usersOfAction(database.db, scope, uses, ALL)).map(({ total: _, ...use }) => use)
    const pinned = {
      repository: 'one',
      path: '.github/workflows/a.yml',
      line: 6,
      uses: `Acme/Do/sub@${SHA}`,
      pinned: true,
      version: 'v1.2.3',
    }
    const tagged = {
      repository: 'two',
      path: '.github/workflows/b.yml',
      line: 6,
      uses: 'acme/do@v1',
      pinned: false,
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
      usersOfPackage(database.db, scope, 'pkg:pypi/shared', { limit: 2, offset: 1 }),
    )
    expect(queries).toBe(1)
    expect(result.map(({ repository, path, total }) => [repository, path, total])).toEqual([
      ['three', 'other/requirements.txt', 4],
      ['three', 'requirements.txt', 4],
    ])
  })

  test('what a repository no longer holds, and what the asker may not see, is not told', async () => {
    const scope = await org()
    await kept(1, 'c1', { 'requirements.txt': 'gone==1.0\n' })
    await kept(1, 'c2', { 'requirements.txt': 'here==1.0\n' })
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/gone', ALL)).toEqual([])
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/here', ALL)).toHaveLength(1)
    await database.db.repository.update({ where: { id: 1n }, data: { visibility: 'private' } })
    const stranger = { ...scope, sees: { all: false as const, userId: 'nobody' } }
    expect(await usersOfPackage(database.db, stranger, 'pkg:pypi/here', ALL)).toEqual([])
  })

  test('rows of older readers are made anew', async () => {
    const scope = await org()
    const inventories = await kept(1, 'c1', { 'requirements.txt': 'a==1.0\nb==2.0\n' })
    await database.db.inventory.updateMany({ data: { version: 0, packages: [] } })
    await saveInventories(database.db, inventories)
    expect(await usersOfPackage(database.db, scope, 'pkg:pypi/b@2.0', ALL)).toMatchObject([{ line: 2 }])
  })

  test('names that no database holds as they are neither throw nor hide the others', async () => {
    const scope = await org()
    const names = ['a\0b', '\ud800', 'x'.repeat(5000), 'c']
    const packages = Object.fromEntries(names.map(name => [`node_modules/${name}`, { version: '1.0.0' }]))
    await kept(1, 'c1', { 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }) })
    expect(await usersOfPackage(database.db, scope, 'pkg:npm/c@1.0.0', ALL)).toHaveLength(1)
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
