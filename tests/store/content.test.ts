import { expect, test } from 'vitest'
import { knownBlobs, saveBlobs } from '#lib/store/blobs.ts'
import { inTransaction } from '#lib/store/database.ts'
import { loadSnapshots, saveSnapshots } from '#lib/store/snapshots.ts'
import { actionTexts, knownTrees, saveTrees } from '#lib/store/trees.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, listed, loaded, makeOrg, oid } from './made.ts'

describeDatabases('content', database => {
  test('a snapshot comes out as it went in', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    const long = `${'d/'.repeat(2_040)}${'x'.repeat(12)}.yml`
    const odd = 'line\nend "quoted" \t.yml'
    const text = 'on: push\r\n# é ☃ 𝄞 \0 tab\t\n'
    const entries = [
      { path: long, mode: '100644' as const, oid: oid('a'), size: 3 },
      { path: odd, mode: '100755' as const, oid: oid('a'), size: 3 },
      { path: '.github/workflows/big.yml', mode: '100644' as const, oid: oid('b'), size: 9 },
      { path: 'sub', mode: '160000' as const, oid: oid('c'), size: null },
    ]
    const blobs = [
      { oid: oid('a'), size: 3, binary: false, content: text, unread: null },
      { oid: oid('b'), size: 9, binary: true, content: null, unread: 'It is not text.' },
    ]
    await saveBlobs(db, blobs, day(1))
    const tree = {
      oid: oid('t'),
      entries,
      folders: [{ path: 'd', oid: oid('f'), leftOut: 2 }],
      complete: true,
      leftOut: [{ files: 2, reason: 'vendored' }],
      unread: [{ part: 'files' as const, path: 'huge', reason: 'It is too large.' }],
      files: entries.slice(0, 3),
    }
    await saveTrees(db, [tree], day(1))
    const look = {
      repositoryId: 1n,
      headOid: oid('h'),
      treeOid: oid('t'),
      takenAt: day(1),
      unread: [{ part: 'settings' as const, path: null, reason: 'No rights.' }],
      releases: [
        { tag: 'v1', publishedAt: day(1).toISOString(), immutable: null, url: null, assets: [], attested: null },
      ],
      settings: null,
      refs: { 'a/b@v1': { commit: oid('r'), version: 'v1.2.3' } },
    }
    const [saved] = await inTransaction(db, tx => saveSnapshots(tx, [look]))
    const { snapshot, repositoryId } = await loaded(db, saved?.id ?? 0)
    expect(repositoryId).toBe(1n)
    expect(long.length).toBe(4_096)
    expect(snapshot).toEqual({
      repository: 'acme/one',
      commit: oid('h'),
      tree: entries,
      files: new Map([
        [long, { path: long, mode: '100644', oid: oid('a'), text }],
        [odd, { path: odd, mode: '100755', oid: oid('a'), text }],
      ]),
      leftOut: tree.leftOut,
      unread: [
        ...tree.unread,
        ...look.unread,
        { part: 'workflows', path: '.github/workflows/big.yml', reason: 'It is not text.' },
      ],
      releases: look.releases,
      settings: null,
      refs: new Map(Object.entries(look.refs)),
      called: new Map(),
    })
  })

  test('known content is skipped, and what the host cut short is asked for again', async () => {
    const { db } = database
    const blob = { oid: oid('a'), size: 1, binary: false, content: 'a', unread: null }
    await Promise.all([saveBlobs(db, [blob], day(1)), saveBlobs(db, [blob, { ...blob, oid: oid('b') }], day(2))])
    expect(await knownBlobs(db, [oid('a'), oid('b'), oid('c')], day(1))).toEqual(new Set([oid('a'), oid('b')]))
    const files = [{ path: 'a', mode: '100644' as const, oid: oid('a'), size: 1 }]
    const cut = { oid: oid('t'), entries: files, folders: [], complete: false, leftOut: [], unread: [], files }
    await saveTrees(db, [cut], day(1))
    expect(await knownTrees(db, [oid('t')], day(1))).toEqual(new Set())
    const whole = { ...cut, complete: true, files: [...files, { path: 'b', mode: '100644' as const, oid: oid('b') }] }
    await Promise.all([saveTrees(db, [whole], day(2)), saveTrees(db, [whole], day(2))])
    await saveTrees(db, [cut], day(3))
    expect(await knownTrees(db, [oid('t')], day(1))).toEqual(new Set([oid('t')]))
    expect(await db.repositoryFile.count()).toBe(2)
  })

  test('a look that found the same is the same snapshot', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    const first = await crawl(db, 1, 'c1', { 'a.yml': 'a' })
    expect(await Promise.all([1, 2, 3].map(() => crawl(db, 1, 'c1', { 'a.yml': 'a' })))).toEqual([first, first, first])
    const second = await crawl(db, 1, 'c2', { 'a.yml': 'a' })
    expect(await crawl(db, 1, 'c1', { 'a.yml': 'a' })).toBeGreaterThan(second)
    const repository = await db.repository.findUniqueOrThrow({ where: { id: 1n } })
    expect([repository.headOid, repository.treeOid]).toEqual([oid('c1'), oid('tree of c1')])
  })

  test('what workflows call in the same organisation is in the snapshot, whatever the case of its name', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one'), listed(2, 'shared'), listed(3, 'Actions')])
    await crawl(db, 2, 'c1', { '.github/workflows/build.yml': 'the workflow', 'setup/action.yml': 'setup here' })
    await crawl(db, 3, 'c2', { 'action.yaml': 'the action' })
    const id = await crawl(db, 1, 'c3', {
      '.github/workflows/ci.yml':
        'uses: acme/shared/.github/workflows/build.yml@v1\nuses: "Acme/shared/setup@main"\nuses: acme/actions@v2\nuses: other/x@v1',
    })
    const { snapshot } = await loaded(db, id)
    expect(snapshot.called).toEqual(
      new Map([
        ['acme/shared/.github/workflows/build.yml', 'the workflow'],
        ['Acme/shared/setup/action.yml', 'setup here'],
        ['acme/actions/action.yaml', 'the action'],
      ]),
    )
  })

  test('the texts of workflows and actions, by tree', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    await crawl(db, 1, 'c1', { '.github/workflows/ci.yml': 'one', 'x/action.yaml': 'two', 'not-action.yml': 'three' })
    expect(await actionTexts(db, [oid('tree of c1'), oid('other')])).toEqual(
      new Map([[oid('tree of c1'), ['one', 'two']]]),
    )
  })

  test('snapshots are loaded in groups of bounded size, and one that is not there is left out', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one'), listed(2, 'two'), listed(3, 'three')])
    const ids: number[] = []
    for (const repository of [1, 2, 3]) ids.push(await crawl(db, repository, `c${repository}`, { 'a.yml': 'a' }))
    const groups = async () => {
      const found: number[][] = []
      for await (const group of loadSnapshots(db, [...ids, 99])) found.push(group.map(({ id }) => id))
      return found
    }
    expect(await groups()).toEqual([ids])
    // Two of them say that they are as large as a worker may hold at once.
    await db.tree.updateMany({ where: { oid: { not: oid('tree of c1') } }, data: { count: 60_000 } })
    expect(await groups()).toEqual(ids.map(id => [id]))
  })

  test('a repository with twenty thousand workflow files', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    const names = Array.from({ length: 20_000 }, (_, index) => `.github/workflows/w${index}.yml`)
    const id = await crawl(db, 1, 'c1', Object.fromEntries(names.map(name => [name, 'on: push'])))
    expect((await loaded(db, id)).snapshot.files.size).toBe(20_000)
  })
})
