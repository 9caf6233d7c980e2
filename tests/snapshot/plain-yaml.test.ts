/** The quick reader against the full parser: the same nodes at the same places, or left to it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPlainYaml } from '#lib/snapshot/plain-yaml.ts'
import { endOf, type ReadYaml, readYaml, type YamlNode } from '#lib/snapshot/yaml.ts'

/** A tag is what the quick reader leaves to the full parser, and the whole document with it. */
const TAGGED = 'tagged: !!str 1\n'

function read(text: string): ReadYaml {
  return readYaml({ path: 'a.yml', mode: '100644', oid: '', text })
}

/** `inside`: the nodes around it, for an alias may lead to one of them. */
function shown(node: YamlNode, shift: number, inside: readonly YamlNode[] = []): unknown {
  const { kind, start } = node
  if (inside.includes(node)) return `the node at ${start - shift}`
  const around = [...inside, node]
  const at = { kind, start: start - shift, end: endOf(node) - shift }
  if (node.kind === 'scalar') return { ...at, value: node.value, text: node.text, style: node.style }
  if (node.kind === 'seq') return { ...at, flow: node.flow, items: node.items.map(item => shown(item, shift, around)) }
  const entries = node.entries.map(({ key, keyStart, keyEnd, value }) => {
    return { key, from: keyStart - shift, to: keyEnd - shift, value: shown(value, shift, around) }
  })
  return { ...at, flow: node.flow, entries }
}

function asRead(text: string): unknown {
  const made = read(text)
  return made.ok ? shown(made.root, 0) : 'unreadable'
}

function asReadInFull(text: string): unknown {
  const made = read(TAGGED + text)
  if (!made.ok) return 'unreadable'
  if (made.root.kind !== 'map') throw new Error('a map was written')
  const entries = made.root.entries.slice(1)
  return shown({ ...made.root, start: entries[0]?.keyStart ?? 0, entries }, TAGGED.length)
}

/** What the quick reader makes of a text without any help; null where it needs some. */
function alone(text: string): YamlNode | null {
  return readPlainYaml(text, 0, () => ({ ok: false, reason: 'not asked', line: 1 }))
}

const WORKFLOW = `name: CI
on:
  push:
    branches: [main, "release/1.x"]
  workflow_dispatch:
permissions: {}
env: # for all
  EMPTY:
  QUOTED: 'it is # no comment'
jobs:
  test:
    # A comment of its own
    runs-on: ubuntu-24.04 # the newest
    steps:
    - uses: actions/checkout@v4

    - name: Test
      run: |
        npm ci

          indented
        npm test
      timeout-minutes: 1.50
    -
      - nested
      - - deeper
        - 0x1f
      -
`

test('what most workflows are is read without the full parser, to the same nodes', () => {
  expect(alone(WORKFLOW)).not.toBeNull()
  expect(asRead(WORKFLOW)).toEqual(asReadInFull(WORKFLOW))
})

test.each([
  ['a folded text', 'a: >-\n  one\n  two\nb: 2\n'],
  ['a text that keeps its last lines', 'a: |+\n  one\n\nb: 2\n'],
  ['a text with its indentation said', 'a: |2\n    one\nb: 2\n'],
  ['a plain value of two lines', 'a: one\n  two\nb: 2\n'],
  ['a quoted value of two lines', 'a: "one\n  two"\nb: 2\n'],
  ['escapes', "a: \"\\u0041\\n\"\nb: 'it''s'\n"],
  ['a list of one line with more in it', 'a: [{ b: 1 }, "c, d", [e]]\n'],
  ['a map of one line', 'a: { b: 1, c: [d] } # why\n'],
  ['a list over lines', 'a:\n  [\n    b,\n    c,\n  ]\n'],
  ['an item that is a text', '- |\n  one\n- >\n  two\n'],
])('%s is asked of the full parser alone', (_, text) => {
  const whole = text.startsWith('-') ? `list:\n${text}` : text
  expect(alone(whole)).toBeNull()
  expect(asRead(whole)).toEqual(asReadInFull(whole))
})

test.each([
  ['a value', 'a: &x 1 # one\nb: *x # c\nc:\n  - *x\n'],
  ['a list and a map', 'a: &x\n  - b\nc: &y # c\n  d: *x\ne: *y\n'],
  ['a list in the column of its key', 'a: &x\n- b\nc: *x\n'],
  ['an item', '- &x a\n- &y\n  b: *x\n- *y\n'],
  ['a text', 'a: &x |\n  one\n  two\nb: *x\n'],
  [
    'what is merged',
    'a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n  c: 3\ne:\n  f: 1\n  <<:\n    - *x\n    - b: 4\n      g: 5\n',
  ],
  ['a merge of what is no map, and the word in quotes', 'a: &x 1\nb:\n  <<: *x\n  "<<": 2\n'],
  ['a name that is used again', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n'],
])('%s at an anchor is read without the full parser', (_, text) => {
  const whole = text.startsWith('-') ? `list:\n${text}` : text
  expect(alone(whole)).not.toBeNull()
  expect(asRead(whole)).toEqual(asReadInFull(whole))
})

test.each([
  ['an alias to nothing', 'a: *x\n'],
  ['an alias to what is around it', 'a: &x\n  b: *x\n'],
  ['an anchor of nothing', 'a: &x\nb: *x\n'],
  ['an anchor of a key', '- &x a: 1\n- *x\n'],
  ['more aliases than are followed', `a: &x 1\n${'b: *x\n'.repeat(1_001)}`],
  ['an anchor inside of what is asked of the full parser', 'a: { b: &x 1 }\nc: *x\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a tab', 'a:\tb\n'],
  ['a key that is asked for', '? a\n: b\n'],
  ['two documents in a line', '--- a: 1\nb: 2\n'],
  ['line ends of Windows', 'a: 1\r\nb: 2\r\n'],
])('%s leaves the whole document to it', (_, text) => {
  expect(readPlainYaml(text, 0, () => read('a: 1\n'))).toBeNull()
})

test.each([
  'a: b: c\n',
  'a: 1\n   b: 2\n',
  'a:\n    b: 1\n  c: 2\n',
  '- a\nb: 1\n',
  'a: [b\nc: d\n',
  'a: "b\nc: d\n',
  'a: "b" c\n',
  'a: @b\n',
  'a:\n  - b\n c: d\n',
  'a: |\n      \n  b\n',
])('%j is refused as the full parser refuses it', text => {
  expect(read(text)).toMatchObject({ ok: false })
  expect(read(TAGGED + text)).toMatchObject({ ok: false })
})

test('only the first document is read, and marks end a text', () => {
  expect(asRead('# first\n---\na: |\n  one\n---\nb: [\n')).toEqual(asRead('# first\n---\na: |\n  one\n'))
})

test('words mean what the core schema says', () => {
  const words = [
    '~',
    'Null',
    'TRUE',
    'yes',
    '1_000',
    '0o17',
    '017',
    '0x1F',
    '-.5',
    '1e3',
    '+.inf',
    '.NaN',
    '1.2.3',
    '-',
    '',
  ]
  const text = words.map((word, at) => `k${at}: ${word}\n`).join('')
  expect(asRead(text)).toEqual(asReadInFull(text))
})

/** Lines as people write them, well indented or not, put together at random. */
const line = fc
  .tuple(
    fc.constantFrom(0, 0, 2, 2, 4, 6, 1),
    fc.constantFrom('', '', '- ', '- - ', '-'),
    fc.constantFrom('a: ', 'b:', '"c d": ', "'e': ", 'f.g/h: ', '', 'i : ', '{{x}}: ', '<<: '),
    fc.constantFrom(
      '',
      '',
      'v',
      '1',
      'v # c',
      '# c',
      '"q"',
      "'q' # c",
      '|',
      '|-',
      '>',
      '[]',
      '[a, "b"]',
      '[a, ]',
      '{}',
      'x:y',
      'x: y',
      '"q" z',
      '[a, b',
      '&x v',
      '&x',
      '&y # c',
      '&x |',
      '&y "q"',
      '&x *y',
      '*x',
      '*y # c',
      '*x v',
    ),
  )
  .map(([indent, dash, key, value]) => ' '.repeat(indent) + dash + key + value)
const text = fc.array(fc.oneof({ weight: 8, arbitrary: line }, fc.constantFrom('', '   ', '# c', '    # c')), {
  minLength: 1,
  maxLength: 9,
})

test('no text is read otherwise than the full parser reads it', () => {
  fc.assert(
    fc.property(text, lines => {
      const written = `a:\n${lines.join('\n')}\n`
      expect(asRead(written)).toEqual(asReadInFull(written))
    }),
    { seed: 7, numRuns: 3_000 },
  )
})

test('a line of a megabyte takes no more than a moment', () => {
  for (const made of [
    `a: [b${' '.repeat(900_000)}!]\n`,
    `a: ${'b '.repeat(400_000)}\n`,
    `${'a: b\n'.repeat(150_000)}`,
  ]) {
    const start = performance.now()
    read(made)
    expect(performance.now() - start).toBeLessThan(4_000)
  }
})
