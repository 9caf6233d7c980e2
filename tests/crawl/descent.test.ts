import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { descend, type ToldEntry } from '#lib/crawl/descent.ts'
import { pickFiles } from '#lib/crawl/paths.ts'
import type { ListedRepository, SourceTree, TreeBefore } from '#lib/crawl/source.ts'
import { LEFT_OUT } from '#lib/snapshot/left-out.ts'

type Content = { [name: string]: string | Content }

/** Folders as git would store them, by id; files hold their text's hash. */
class Objects {
  readonly folders = new Map<string, ToldEntry[]>()
  readonly asked: string[] = []

  add(content: Content): string {
    const entries = Object.entries(content).map(([name, value]): ToldEntry => {
      const oid = typeof value === 'string' ? createHash('sha1').update(value).digest('hex') : this.add(value)
      const mode = typeof value === 'string' ? '100644' : '40000'
      return { name, mode, oid, size: typeof value === 'string' ? value.length : null, below: null }
    })
    const key = ({ mode, name }: ToldEntry) => Buffer.from(mode === '40000' ? `${name}/` : name)
    entries.sort((a, b) => Buffer.compare(key(a), key(b)))
    const rows = entries.flatMap(({ mode, name, oid }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])
    const body = Buffer.concat(rows)
    const oid = createHash('sha1').update(`tree ${body.length}\0`).update(body).digest('hex')
    this.folders.set(oid, entries)
    return oid
  }

  async read(oid: string, before: TreeBefore | null, alter = (entries: ToldEntry[]) => entries) {
    this.asked.length = 0
    const repository = { nodeId: 'R_1' } as ListedRepository
    const found = await descend([{ repository, oid, before }], async asked =>
      asked.map(one => {
        this.asked.push(one.oid)
        return alter(this.folders.get(one.oid) ?? [])
      }),
    )
    return found.get(oid) ?? null
  }
}

const kept = ({ entries, folders }: SourceTree) => {
  const picked = pickFiles(entries, LEFT_OUT, folders)
  return { entries: picked.tree, folders: picked.folders, leftOut: picked.leftOut }
}

const first: Content = {
  'a-b.txt': '1',
  a: { 'x.txt': '2', b: { 'y.txt': '3' }, testdata: { 'one.json': '4', deep: { 'two.json': '5' } } },
  a0: { 'z.txt': '6' },
  '.github': { workflows: { 'ci.yml': '7' } },
}

test('only changed folders are asked for, and the rest is what it was, to the count of what is left out', async () => {
  const objects = new Objects()
  const before = await objects.read(objects.add(first), null)
  if (before === null) throw new Error('The first tree is whole.')
  const whole = kept(before)
  expect(whole.leftOut).toEqual([{ files: 2, reason: 'test data or vendored code' }])

  const changed = objects.add({ ...first, '.github': { workflows: { 'ci.yml': 'another' } } })
  const after = await objects.read(changed, whole)
  expect(objects.asked).toHaveLength(3)
  const fresh = await objects.read(changed, null)
  expect(after && kept(after)).toEqual(fresh && kept(fresh))
})

test('a folder that is told in part, or with anything altered, makes no tree', async () => {
  const objects = new Objects()
  const oid = objects.add(first)
  const shortened = await objects.read(oid, null, entries => (entries.length > 1 ? entries.slice(1) : entries))
  expect(shortened).toBeNull()
  const renamed = await objects.read(oid, null, entries =>
    entries.map(entry => ({ ...entry, name: `${entry.name}.bak` })),
  )
  expect(renamed).toBeNull()
})

test('folders without an end are left to the other way', async () => {
  const objects = new Objects()
  let nested: Content = { 'leaf.txt': '1' }
  for (let level = 0; level < 60; level += 1) nested = { d: nested }
  expect(await objects.read(objects.add(nested), null)).toBeNull()
})
