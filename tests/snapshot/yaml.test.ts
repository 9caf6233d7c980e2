import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { childOf, endOf, itemsOf, readYaml, textOf, valuesOf, type YamlNode } from '#lib/snapshot/yaml.ts'

function read(text: string) {
  return readYaml({ path: 'a.yml', mode: '100644', oid: '', text })
}

function root(text: string): YamlNode {
  const made = read(text)
  if (!made.ok) throw new Error(made.reason)
  return made.root
}

function reason(text: string): string {
  const made = read(text)
  return made.ok ? 'it was read' : made.reason
}

test('offsets are of the value as written', () => {
  const text = 'a: "x" # c\r\nb: [1.10, two]\r\n'
  const node = childOf(root(text), 'a')
  expect(text.slice(node?.start, node?.end)).toBe('"x"')
  expect(itemsOf(childOf(root(text), 'b')).map(textOf)).toEqual(['1.10', 'two'])
})

test('a bare `on` is a word', () => {
  expect(textOf(childOf(root('on: push\n'), 'on'))).toBe('push')
})

test('duplicate keys are kept; the last is the value', () => {
  const node = root('a: 1\na: 2\n')
  expect(textOf(childOf(node, 'a'))).toBe('2')
  expect(valuesOf(node, 'a').map(textOf)).toEqual(['1', '2'])
})

test('merged keys never hide one’s own', () => {
  const node = root('x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  a: 3\n')
  const merged = childOf(node, 'y')
  expect([childOf(merged, 'a'), childOf(merged, 'b')].map(textOf)).toEqual(['3', '2'])
})

test('an alias to its own parent, and one to nothing', () => {
  expect(read('a: &a\n  b: *a\n').ok).toBe(true)
  expect(read('a: *nobody\n').ok).toBe(true)
  const circle = root('- &a\n  b: *a\n')
  expect(endOf(circle)).toBeGreaterThan(0)
})

describe('tolerated', () => {
  test.each([
    ['NUL and other control characters', 'a: b\0\x07\nc:\x01d\n'],
    ['a byte order mark', '\ufeffa: b\n'],
    ['CRLF', 'a:\r\n  - b\r\n'],
    ['Latin-1 read as text', 'a: caf\u00e9 \u0080\n'],
    ['tabs between words', 'a:\tb\t# c\n'],
    ['a bad escape', 'a: "\\q"\n'],
    ['an unknown tag', 'a: !ours b\n'],
    ['several documents, of which the first is read', 'a: b\n---\n[\n'],
    ['nothing at all', ''],
  ])('%s', (_, text) => {
    expect(read(text).ok).toBe(true)
  })
})

describe('refused, with the line', () => {
  test.each([
    ['tabs as indentation', 'a:\n\tb: c\n', 'Tabs are not allowed as indentation (line 2)'],
    ['an open list', 'a: 1\nb: [\nc: 2', '(line 3)'],
    ['deep flow', `a: ${'['.repeat(50_000)}`, 'nested deeper than 100 levels (line 1)'],
    ['deep blocks', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n'), 'nested deeper'],
    ['more than 1 MB', `a: ${'x'.repeat(1024 * 1024)}`, 'larger than 1 MB (line 1)'],
    ['too many aliases', `a: &a 1\nb: [${'*a, '.repeat(2_000)}]\n`, 'more than 1000 aliases (line 2)'],
    ['too many tokens', `[${'1,'.repeat(400_000)}]`, 'more than 600000 tokens'],
  ])('%s', (_, text, words) => {
    expect(reason(text)).toContain(words)
  })
})

test('a bomb of aliases stays as small as its text', () => {
  const levels = Array.from(
    { length: 30 },
    (_, level) => `a${level}: &a${level} [${level === 0 ? '1' : `*a${level - 1},`.repeat(9)}]`,
  )
  expect(read(levels.join('\n')).ok).toBe(true)
  const merges = Array.from(
    { length: 30 },
    (_, level) => `m${level}: &m${level} {k${level}: 1, <<: [${level === 0 ? '{}' : `*m${level - 1},`.repeat(9)}]}`,
  )
  expect(read(merges.join('\n')).ok).toBe(true)
})

const PIECES = [
  '- ',
  ': ',
  '\n',
  '  ',
  '\t',
  'a',
  '&a ',
  '*a',
  '<<: ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '"',
  "'",
  '|',
  '>-',
  '---',
  '!x ',
  '\0',
  '\r\n',
  '? ',
  'on',
  `\${{ x }}`,
  '%',
]

test('no text makes it throw, and every place lies inside the text', () => {
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 200 }).map(parts => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  )
  fc.assert(
    fc.property(texts, text => {
      const made = read(text)
      if (!made.ok) return made.line >= 1
      return within(made.root, text.length, new Set())
    }),
    { seed: 20260601, numRuns: 3_000 },
  )
})

function within(node: YamlNode, length: number, seen: Set<YamlNode>): boolean {
  if (seen.has(node)) return true
  seen.add(node)
  if (node.start < 0 || node.end < node.start || node.end > length) return false
  if (node.kind === 'scalar') return true
  const inner = node.kind === 'seq' ? node.items : node.entries.map(entry => entry.value)
  return inner.every(child => within(child, length, seen))
}
