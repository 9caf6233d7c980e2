import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyEdits, unifiedDiff } from '#lib/patch/apply.ts'
import type { Edit } from '#lib/patch/patch.ts'

function filesOf(files: Record<string, string>) {
  return new Map(Object.entries(files).map(([path, text]) => [path, { text }]))
}

function replace(path: string, start: number, end: number, text: string): Edit {
  return { kind: 'replace', path, start, end, text }
}

test('edits of one file come in any order', () => {
  const edits = [replace('a', 4, 5, 'E'), replace('a', 0, 1, 'A'), replace('a', 2, 2, '+')]
  expect(applyEdits(filesOf({ a: 'abcde' }), edits).get('a')).toBe('Ab+cdE')
})

test.each([
  ['overlap', [replace('a', 0, 3, ''), replace('a', 2, 4, '')], /overlap/],
  ['lie outside', [replace('a', 0, 9, '')], /outside/],
  ['change what is not there', [replace('b', 0, 0, '')], /not there/],
  ['create what exists', [{ kind: 'create', path: 'a', text: '' } satisfies Edit], /exists/],
])('edits that %s are a fault', (_, edits, words) => {
  expect(() => applyEdits(filesOf({ a: 'abcde' }), edits)).toThrow(words)
})

describe('git apply takes the diff', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patch-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  function applied(files: Record<string, string>, edits: Edit[]): Record<string, string> {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const diff = unifiedDiff(filesOf(files), edits)
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: diff })
    const paths = new Set([...Object.keys(files), ...edits.map(edit => edit.path)])
    return Object.fromEntries([...paths].map(path => [path, readFileSync(join(folder, path), 'utf8')]))
  }

  const long = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')

  test.each<[string, Record<string, string>, Edit[]]>([
    ['a changed line', { a: 'one\ntwo\nthree\n' }, [replace('a', 4, 7, 'TWO')]],
    ['CRLF', { a: 'one\r\ntwo\r\nthree\r\n' }, [replace('a', 5, 8, 'TWO\r\nmore')]],
    ['no newline at the end', { a: 'one\ntwo' }, [replace('a', 7, 7, '\nthree')]],
    ['a file that was empty', { a: '' }, [replace('a', 0, 0, 'x\n')]],
    ['a created file', {}, [{ kind: 'create', path: '.github/dependabot.yml', text: 'version: 2\nupdates: []\n' }]],
    ['a created file without newline', {}, [{ kind: 'create', path: 'x', text: 'y' }]],
    [
      'several hunks and files',
      { a: long, 'b/c d.yml': 'x\n' },
      [replace('a', 0, 4, 'LINE'), replace('a', long.length, long.length, '!'), replace('b/c d.yml', 0, 1, 'y')],
    ],
    ['a path with quotes and a newline', { 'a"b\nc': 'x\n' }, [replace('a"b\nc', 0, 1, 'y')]],
    ['a path beyond ASCII', { 'ä/ö.yml': 'x\n' }, [replace('ä/ö.yml', 0, 1, 'y')]],
    ['text that looks like a diff', { a: '--- a\n+++ b\n@@ -1 +1 @@\n' }, [replace('a', 0, 3, '***')]],
  ])('%s', (_, files, edits) => {
    const expected = { ...files, ...Object.fromEntries(applyEdits(filesOf(files), edits)) }
    expect(applied(files, edits)).toEqual(expected)
  })

  test('whatever is changed where', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', '', '- x', '+ y', ' z', '\\ No'), { maxLength: 30 })
    const texts = fc
      .tuple(lines, fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([parts, end, last]) => parts.join(end) + (last ? end : ''))
    fc.assert(
      fc.property(
        texts,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('', 'n', 'n\n', '\nn', '\r\n'),
        (text, from, length, insert) => {
          const start = from % (text.length + 1)
          const end = Math.min(text.length, start + (length % 5))
          const edits = [replace('f', start, end, insert)]
          const expected = applyEdits(filesOf({ f: text }), edits).get('f')
          if (expected === text || expected === '') return
          expect(applied({ f: text }, edits)).toEqual({ f: expected })
        },
      ),
      { seed: 7, numRuns: 80 },
    )
  })
})

test('an edit that changes nothing makes no diff', () => {
  expect(unifiedDiff(filesOf({ a: 'x' }), [replace('a', 0, 1, 'x')])).toBe('')
})

test('a thousand fixes of one large file are each shown quickly', () => {
  const text = 'a line that is there\n'.repeat(40_000)
  const files = filesOf({ a: text })
  for (let index = 0; index < 200; index++) {
    const diff = unifiedDiff(files, [replace('a', index * 21 * 200, index * 21 * 200 + 1, 'A')])
    expect(diff.split('\n').length).toBeLessThan(16)
  }
})
