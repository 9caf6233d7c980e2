import { expect, test } from 'vitest'
import { knownBlobs } from '#lib/store/blobs.ts'
import { knownTrees } from '#lib/store/trees.ts'
import { removeUnheld } from '#lib/store/unheld.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, listed, loaded, makeOrg, oid } from './made.ts'

describeDatabases('content that nothing holds', database => {
  test('goes after a week, and what the newest snapshot reads stays', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one'), listed(2, 'two')])
    const first = await crawl(db, 1, 'first', { 'a.yml': 'old', 'b.yml': 'shared' })
    const second = await crawl(db, 1, 'second', { 'a.yml': 'new', 'b.yml': 'shared' })
    const other = await crawl(db, 2, 'other', { 'c.yml': 'theirs' })
    await db.inventory.createMany({ data: ['old', 'new'].map(text => ({ blobOid: oid(text), version: 1 })) })
    expect(await removeUnheld(db, day(7))).toEqual({ trees: 0, blobs: 0 })
    expect(await removeUnheld(db, day(9))).toEqual({ trees: 1, blobs: 1 })
    expect(await removeUnheld(db, day(9))).toEqual({ trees: 0, blobs: 0 })
    const texts = async (id: number) => [...(await loaded(db, id)).snapshot.files.values()].map(({ text }) => text)
    expect([await texts(second), await texts(other)]).toEqual([['new', 'shared'], ['theirs']])
    await expect(loaded(db, first)).rejects.toThrow()
    // The snapshot itself tells on which commit and tree the old verdict was given.
    expect(await db.snapshot.findUnique({ where: { id: first } })).toMatchObject({ treeOid: oid('tree of first') })
    expect((await db.inventory.findMany()).map(({ blobOid }) => blobOid)).toEqual([oid('new')])
    const again = await crawl(db, 1, 'first', { 'a.yml': 'old', 'b.yml': 'shared' })
    expect(await texts(again)).toEqual(['old', 'shared'])
  })

  test('stays for a week where a crawl was told that it is known', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    await crawl(db, 1, 'first', { 'a.yml': 'old' })
    await crawl(db, 1, 'second', { 'a.yml': 'new' })
    expect(await knownTrees(db, [oid('tree of first')], day(30))).toEqual(new Set([oid('tree of first')]))
    expect(await removeUnheld(db, day(30))).toEqual({ trees: 0, blobs: 0 })
    expect(await knownBlobs(db, [oid('old')], day(36))).toEqual(new Set([oid('old')]))
    expect(await removeUnheld(db, day(38))).toEqual({ trees: 1, blobs: 0 })
    expect(await removeUnheld(db, day(44))).toEqual({ trees: 0, blobs: 1 })
    expect(await knownBlobs(db, [oid('old')], day(44))).toEqual(new Set())
  })

  test('is never taken from under a crawl that asks at that moment', async () => {
    const { db } = database
    await makeOrg(db, [listed(1, 'one')])
    const texts = Array.from({ length: 60 }, (_, index) => `text ${index}`)
    await crawl(db, 1, 'first', Object.fromEntries(texts.map(text => [`${text}.yml`, text])))
    await crawl(db, 1, 'second', { 'a.yml': 'new' })
    await removeUnheld(db, day(8))
    await db.tree.deleteMany({ where: { oid: oid('tree of first') } })
    const asked = texts.map(oid)
    const [, ...known] = await Promise.all([
      removeUnheld(db, day(30)),
      ...[0, 1, 2, 3].map(part => knownBlobs(db, asked.slice(part * 20, part * 20 + 30).reverse(), day(30))),
    ])
    const there = new Set((await db.blob.findMany({ select: { oid: true } })).map(({ oid }) => oid))
    const lost = known.flatMap(told => [...told].filter(one => !there.has(one)))
    expect(lost).toEqual([])
  })
})
