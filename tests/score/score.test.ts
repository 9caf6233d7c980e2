import { describe, expect, test } from 'vitest'
import type { ItemId } from '#lib/check.ts'
import type { CheckResult, Outcome } from '#lib/scan.ts'
import { gradeOf, scoreOf } from '#lib/score/score.ts'

function result(
  item: ItemId,
  value: number | null,
  outcome: Outcome = value === 1 ? 'pass' : value === null ? 'not-applicable' : 'fail',
): CheckResult {
  return { id: item, item, version: 1, outcome, examined: 1, value, findings: [], notes: [] }
}

const EVEN = { itemWeights: {}, checkWeights: {} }

test('an item is the mean of its checks that applied, the score the mean of the items that applied', () => {
  const scored = scoreOf(
    [
      result('pin-dependencies', 1),
      result('pin-dependencies', 0),
      result('pin-dependencies', null),
      result('pin-actions', 1),
    ],
    EVEN,
  )
  expect(scored).toMatchObject({ score: 75, grade: 'B', itemsMet: 1, itemsApplied: 2, hardening: null })
})

test('the minimum and the hardening are never mixed', () => {
  expect(scoreOf([result('pin-actions', 1), result('build-pipeline', 0)], EVEN)).toMatchObject({
    score: 100,
    hardening: 0,
  })
  expect(scoreOf([result('build-pipeline', 1), result('settings', 0), result('settings', 1)], EVEN)).toMatchObject({
    score: null,
    grade: null,
    hardening: 75,
  })
})

test('the policy weighs items; 0 leaves one out', () => {
  const results = [result('pin-actions', 1), result('sign-releases', 0)]
  expect(scoreOf(results, { ...EVEN, itemWeights: { 'pin-actions': 3 } }).score).toBe(75)
  expect(scoreOf(results, { ...EVEN, itemWeights: { 'sign-releases': 0 } }).score).toBe(100)
  expect(scoreOf(results, { ...EVEN, itemWeights: { 'sign-releases': 0, 'pin-actions': 0 } }).score).toBeNull()
})

test('the policy weighs checks within their item; 0 leaves one out of the item altogether', () => {
  const [right, wrong] = [
    { ...result('pin-actions', 1), id: 'right' },
    { ...result('pin-actions', 0), id: 'wrong' },
  ]
  expect(scoreOf([right, wrong], { ...EVEN, checkWeights: { right: 3 } }).score).toBe(75)
  expect(scoreOf([right, wrong], { ...EVEN, checkWeights: { wrong: 0 } })).toMatchObject({ score: 100, itemsMet: 1 })
  expect(scoreOf([right, wrong], { ...EVEN, checkWeights: { wrong: 0, right: 0 } })).toMatchObject({
    score: null,
    itemsApplied: 0,
  })
})

test('nothing applied is null, not 0', () => {
  expect(scoreOf([], EVEN)).toMatchObject({ score: null, grade: null, itemsMet: 0, itemsApplied: 0, hardening: null })
  expect(scoreOf([result('pin-actions', null, 'unknown')], EVEN)).toMatchObject({ score: null, itemsMet: 0 })
})

test('an item with a check that could not look is not met', () => {
  const scored = scoreOf([result('pin-actions', 1), result('pin-actions', null, 'unknown')], EVEN)
  expect(scored).toMatchObject({ score: 100, itemsMet: 0 })
})

test('100 is only given where nothing was found', () => {
  expect(scoreOf([result('pin-actions', 0.999)], EVEN).score).toBe(99)
  expect(scoreOf([result('pin-actions', 1 - 1 / 3), result('sign-releases', 1 - 2 / 3)], EVEN).score).toBe(50)
})

describe('the grade', () => {
  test.each([
    [100, 'A'],
    [90, 'A'],
    [89.9, 'B'],
    [75, 'B'],
    [74, 'C'],
    [60, 'C'],
    [59, 'D'],
    [40, 'D'],
    [39, 'F'],
    [0, 'F'],
  ] as const)('%d is %s', (score, grade) => {
    expect(gradeOf(score)).toBe(grade)
  })
})
