import { expect, test } from 'vitest'
import type { SourceFile } from '#lib/snapshot/snapshot.ts'
import { keptFiles } from '#lib/store/kept-files.ts'

const file = (path: string, text: string, mode: SourceFile['mode'] = '100644'): SourceFile => ({
  path,
  mode,
  oid: `oid of ${text.slice(0, 10)}`,
  text,
})

test('the same content at the same place is the same object, and only that', () => {
  const kept = keptFiles()
  const one = file('a.yml', 'on: push')
  kept.keep(one)
  expect(kept.get({ path: 'a.yml', mode: '100644', oid: one.oid })).toBe(one)
  for (const other of [{ path: 'b.yml' }, { mode: '100755' as const }, { oid: 'other' }])
    expect(kept.get({ ...one, ...other })).toBeUndefined()
})

test('large files are not kept, and of many those used last', () => {
  const kept = keptFiles()
  const large = file('large.lock', 'x'.repeat(64_001))
  kept.keep(large)
  expect(kept.get(large)).toBeUndefined()
  const many = Array.from({ length: 41 }, (_, index) => file(`f${index}`, `${index}`.padEnd(50_000)))
  const [first, second] = many
  if (!first || !second) throw new Error('forty-one files were made')
  for (const one of many.slice(0, 40)) kept.keep(one)
  kept.get(first)
  kept.keep(many[40] ?? first)
  expect([kept.get(first), kept.get(second)]).toEqual([first, undefined])
})
