/** Where repositories are read: in judges alone. */
import { expect, test } from 'vitest'
import { importsOf } from '#tests/source-files.ts'

/** Of what is known of repositories this alone is loaded by who makes and keeps snapshots; none of it parses. */
const PLAIN_FACTS = [
  'lib/inventory/version.ts',
  'lib/snapshot/aside.ts',
  'lib/snapshot/compression.ts',
  'lib/snapshot/glob.ts',
  'lib/snapshot/left-out.ts',
  'lib/snapshot/packed.ts',
]

test('no process that holds a token loads what reads repositories', () => {
  const reached = new Map<string, string>()
  const open = ['workers/main.ts', 'scripts/scan.ts', 'scripts/crawl.ts', 'scripts/replay.ts']
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const { target } of importsOf(path, { run: true })) {
      if (target === null || reached.has(target)) continue
      reached.set(target, path)
      open.push(target)
    }
  }
  const wrong = [...reached]
    .filter(([path]) => /^lib\/(?:checks\/|inventory\/|scan\.ts|snapshot\/)/.test(path) && !PLAIN_FACTS.includes(path))
    .map(([path, from]) => `${from} loads ${path}: hand it to lib/judge, whose processes hold nothing.`)
  expect(wrong).toEqual([])
})
