/** Files that a judge holds: sent once, read once, and the same verdict as if they were new. */
import { expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import { askFrame } from '#lib/judge/ask.ts'
import { LARGEST_HELD_BYTES, MOST_HELD_BYTES } from '#lib/judge/bounds.ts'
import { heldFiles, keyOf } from '#lib/judge/held.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { type PackedFile, pack } from '#lib/snapshot/packed.ts'
import type { SourceFile } from '#lib/snapshot/snapshot.ts'
import { snapshotOf } from '#tests/snapshot-of.ts'

const NOW = new Date('2026-06-01T00:00:00Z')

function packedFile(path: string, size: number, more: Partial<PackedFile> = {}): PackedFile {
  return { path, mode: '100644', oid: `oid of ${path}`, size, content: new Uint8Array(), ...more }
}

test('the same content at the same place is held, and only that', () => {
  const held = heldFiles()
  const one = packedFile('a.yml', 10)
  expect(held.has(one)).toBe(false)
  expect(held.keep(one)).toEqual({ kept: true, forget: [] })
  expect(held.has(one)).toBe(true)
  for (const other of [{ path: 'b.yml' }, { mode: '100755' as const }, { oid: 'other' }])
    expect(held.has({ ...one, ...other })).toBe(false)
})

test('large files and those without an id are not held, and of many those used last', () => {
  const held = heldFiles()
  expect(held.keep(packedFile('large.lock', LARGEST_HELD_BYTES + 1)).kept).toBe(false)
  expect(held.keep(packedFile('from a folder', 1, { oid: '' })).kept).toBe(false)
  const size = MOST_HELD_BYTES / 40
  const many = Array.from({ length: 41 }, (_, index) => packedFile(`f${index}`, size))
  const [first, second] = many as [PackedFile, PackedFile]
  for (const file of many.slice(0, 40)) held.keep(file)
  expect(held.has(first)).toBe(true)
  expect(held.keep(many[40] ?? first).forget).toEqual([keyOf(second)])
  expect([held.has(first), held.has(second)]).toEqual([true, false])
})

test('what is held is not sent again, but to a careful judge', () => {
  const held = heldFiles()
  const workflow = 'on: push\n'.repeat(200)
  const repo = pack(withOids({ '.github/workflows/ci.yml': workflow }))
  const what = { careful: false, inventory: false, now: NOW.toISOString(), policy: defaultPolicy, aside: [] }
  const [first, second, careful] = [
    askFrame(repo, held, { ...what, number: 1 }),
    askFrame(repo, held, { ...what, number: 2 }),
    askFrame(repo, held, { ...what, number: 3, careful: true }),
  ].map(({ byteLength }) => byteLength) as [number, number, number]
  expect(second).toBeLessThan(first)
  expect(careful).toBeGreaterThanOrEqual(first)
})

function withOids(files: Readonly<Record<string, string>>) {
  const repo = snapshotOf(files)
  const named = ([path, file]: [string, SourceFile]) => [path, { ...file, oid: `oid of ${file.text.length}` }] as const
  return { ...repo, files: new Map([...repo.files].map(named)) }
}

test('a judge says what the pipeline says, the first time and with what it holds', async () => {
  const judges = openJudges({ count: 1 })
  const repo = withOids({
    '.github/workflows/ci.yml':
      'on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: a/b@v1\n      - run: npm install\n',
    'package.json': '{ "dependencies": { "a": "^1.0.0" } }',
    'package-lock.json': '{ "lockfileVersion": 3, "packages": { "node_modules/a": { "version": "1.0.0" } } }',
  })
  const expected = scan(repo, CHECKS, defaultPolicy, NOW)
  try {
    for (let time = 1; time <= 2; time++) {
      const { report } = await judges.judge(pack(repo), { policy: defaultPolicy, now: NOW, inventory: true })
      expect(report).toEqual(expected)
    }
  } finally {
    await judges.close()
  }
})
