/** Expressions and conditions of workflows, as GitHub reads them, and those that mean harm. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filled, holds, type World } from '#lib/snapshot/condition.ts'
import { contextsInValue, expressionsIn } from '#lib/snapshot/expression.ts'

const world: World = path => {
  if (path === 'github.event_name') return { oneOf: ['pull_request'] }
  if (path === 'github.ref') return { prefix: 'refs/pull/' }
  if (path === 'github.actor') return 'foreign'
  return path === 'inputs.flag' ? { oneOf: [true] } : 'unknown'
}

test('where expressions stand', () => {
  const text = `a \${{ x.y }} b \${{ format('{0}}}', github.sha) }} \${{ open`
  expect(expressionsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    `\${{ x.y }}`,
    `\${{ format('{0}}}', github.sha) }}`,
  ])
})

test.each([
  ['github.head_ref', ['github.head_ref']],
  ["github['event'].issue['title']", ['github.event.issue.title']],
  ['github.event.commits[0].message', ['github.event.commits.*.message']],
  ['github.event.commits.*.message', ['github.event.commits.*.message']],
  ['github.head_ref || github.ref', ['github.head_ref', 'github.ref']],
  ['github.actor && github.sha', ['github.sha']],
  ["github.head_ref == 'x'", []],
  ['!github.head_ref', []],
  ["join(github.event.x, ',')", ['github.event.x']],
  ["fromJSON(needs.a.outputs.b)['c']", ['needs.a.outputs.b']],
  ['hashFiles(github.head_ref)', []],
])('what %s is made of', (source, contexts) => {
  const [expression] = expressionsIn(`\${{ ${source} }}`)
  expect(expression?.tree && contextsInValue(expression.tree)).toEqual(contexts)
})

describe('conditions', () => {
  test.each([
    [undefined, true],
    ['false', false],
    [`\${{ false }}`, false],
    ["github.event_name == 'PULL_REQUEST'", true],
    ["github.event_name != 'push' && vars.X", undefined],
    ["github.event_name == 'push' && vars.X", false],
    ["vars.X && github.event_name == 'push'", false],
    ["vars.X || github.event_name == 'pull_request'", true],
    ["startsWith(github.ref, 'refs/tags/')", false],
    ["startsWith(github.ref, 'refs/')", true],
    ["github.ref == 'refs/heads/main'", false],
    ["github.ref == 'refs/pull/1/merge'", undefined],
    ["github.actor == 'me'", false],
    ['contains(fromJSON(\'["push", "pull_request"]\'), github.event_name)', true],
    ['always()', true],
    ['failure()', false],
    ['!cancelled()', true],
    ['inputs.flag == true', true],
    ['null == 0', true],
    ["'' == 0", true],
    // Mixed with other text it is a text, and those are true.
    [`\${{ false }} && x`, undefined],
    ['not an expression', undefined],
  ])('%s', (condition, expected) => {
    expect(holds(condition, world)).toBe(expected)
  })

  test('what is known is written out, the rest stays', () => {
    expect(filled(`a \${{ inputs.flag }} \${{ vars.X }} \${{ 'b' }}`, world)).toBe(`a true \${{ vars.X }} b`)
  })
})

test('no text makes it throw or linger', () => {
  const pieces = fc.constantFrom(
    `\${{`,
    '}}',
    '(',
    ')',
    "'",
    ' || ',
    ' && ',
    '!',
    'github',
    '.',
    '*',
    '[',
    ']',
    'a',
    '1',
    ' == ',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), parts => {
      const text = parts.join('')
      for (const { tree } of expressionsIn(text)) if (tree) contextsInValue(tree)
      holds(text, world)
      return true
    }),
    { seed: 7, numRuns: 2_000 },
  )
  const started = performance.now()
  for (const text of [
    `\${{ `.repeat(200_000),
    `\${{ ${'('.repeat(20_000)}`,
    `\${{ ${'!'.repeat(20_000)}a }}`,
    `\${{ ${'a.'.repeat(9_000)}a }}`,
  ])
    holds(text, world)
  expect(performance.now() - started).toBeLessThan(2_000)
})
