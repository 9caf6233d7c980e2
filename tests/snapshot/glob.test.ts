import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globMatches, plainPath } from '#lib/snapshot/glob.ts'

test.each([
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages/a/b', false],
  ['packages/**', 'packages/a/b', true],
  ['packages/**', 'packages', true],
  ['**/*', '', false],
  ['**', '', true],
  ['**/test/**', 'a/test/b.js', true],
  ['**/test/**', 'a/tests/b.js', false],
  ['*', '.github', true],
  ['./a/', 'a', true],
  ['{a,b}/c', 'b/c', true],
  ['{a,b}/c', 'c/c', false],
  ['a?c', 'abc', true],
  ['a.c', 'abc', false],
  ['a*b*c', 'a-b-b-c', true],
  ['A', 'a', false],
])('%s and %s: %s', (pattern, path, matches) => {
  expect(globMatches(pattern, path)).toBe(matches)
})

test('a path matches itself, and no pattern makes it throw', () => {
  const segment = fc.stringMatching(/^[a-z.-]{1,8}$/).filter(text => text !== '.')
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), fc.string(), (segments, pattern) => {
      globMatches(pattern, segments.join('/'))
      return globMatches(segments.join('/'), segments.join('/'))
    }),
    { seed: 11 },
  )
})

test('a hostile pattern costs no more than its length times the path’s', () => {
  expect(globMatches(`${'a*'.repeat(2_000)}b`, 'a'.repeat(4_000))).toBe(false)
  expect(globMatches('**/'.repeat(2_000), 'a/'.repeat(500))).toBe(true)
  expect(globMatches('{a,b}'.repeat(40), 'a'.repeat(40))).toBeTypeOf('boolean')
})

test('a plain path has no dots and no slashes at its ends', () => {
  expect(plainPath('/./a//b/')).toBe('a/b')
  expect(plainPath('/')).toBe('')
})
