import { describe, expect, test } from 'vitest'
import { applyEdits } from '#lib/patch/apply.ts'
import { combine } from '#lib/patch/combine.ts'
import type { Edit } from '#lib/patch/patch.ts'

const TEXT = 'one two three'
const files = new Map([['a', { text: TEXT }]])

function replace(start: number, end: number, text: string): Edit {
  return { kind: 'replace', path: 'a', start, end, text }
}

function textOf(fixes: readonly (readonly Edit[])[]): string | undefined {
  return applyEdits(files, combine(fixes).edits).get('a')
}

describe('several fixes as one', () => {
  test('fixes of different places are all applied, whatever their order', () => {
    expect(textOf([[replace(8, 13, '3')], [replace(0, 3, '1')]])).toBe('1 two 3')
  })

  test('the same edit in two fixes is done once', () => {
    const { edits, ...rest } = combine([[replace(0, 3, '1')], [replace(0, 3, '1'), replace(4, 7, '2')]])
    expect(rest).toEqual({ applied: 2, leftOut: 0 })
    expect(applyEdits(files, edits).get('a')).toBe('1 2 three')
  })

  test('a fix that contradicts an earlier one is left out whole', () => {
    const fixes = [[replace(0, 7, 'x')], [replace(4, 7, '2'), replace(8, 13, '3')]]
    expect(combine(fixes)).toMatchObject({ applied: 1, leftOut: 1 })
    expect(textOf(fixes)).toBe('x three')
  })

  test('two insertions at one place are not put in an order that nobody chose', () => {
    expect(combine([[replace(3, 3, ' a')], [replace(3, 3, ' b')]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('flags of one command line may stand in any order', () => {
    const flag = (text: string): Edit => ({ kind: 'replace', path: 'a', start: 3, end: 3, text, anyOrder: true })
    expect(textOf([[flag(' --a')], [flag(' --b')]])).toBe('one --a --b two three')
    expect(combine([[flag(' --a')], [replace(3, 7, 'x')]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('lines put in at one place stand with what they belong to: the deeper first', () => {
    const lines = (text: string, indent: number): Edit => ({
      kind: 'replace',
      path: 'a',
      start: 3,
      end: 3,
      text,
      indent,
    })
    expect(textOf([[lines(' -new', 0)], [lines(' -inner', 2)]])).toBe('one -inner -new two three')
    expect(combine([[lines(' -a', 2)], [lines(' -b', 2)]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('what ends a line comes before the lines that follow it', () => {
    const insert = (text: string): Edit => ({ kind: 'replace', path: 'a', start: 3, end: 3, text })
    for (const both of [
      [insert(' # note'), insert('\n  with: x')],
      [insert('\n  with: x'), insert(' # note')],
    ])
      expect(textOf(both.map(edit => [edit]))).toBe('one # note\n  with: x two three')
    expect(combine([[insert('\n  a')], [insert('x\n  b')]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('a file is made once, and two different wishes for it contradict', () => {
    const make = (text: string): Edit => ({ kind: 'create', path: 'new', text })
    expect(combine([[make('x')], [make('x')]])).toMatchObject({ applied: 2, leftOut: 0 })
    expect(combine([[make('x')], [make('y')]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('two wishes for a list that begins alike make one list', () => {
    const make = (text: string): Edit => ({ kind: 'create', path: 'new', text, anyOrder: true })
    const both = combine([[make('head:\n  - a\n  - b\n')], [make('head:\n  - c\n')]])
    expect(both).toMatchObject({ applied: 2, leftOut: 0, edits: [{ text: 'head:\n  - a\n  - b\n  - c\n' }] })
    expect(combine([[make('head:\n  - a\n')], [make('other:\n  - a\n')]])).toMatchObject({ applied: 1, leftOut: 1 })
  })

  test('nothing to combine is no edit', () => {
    expect(combine([])).toEqual({ edits: [], applied: 0, leftOut: 0 })
  })
})
