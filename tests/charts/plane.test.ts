import { expect, test } from 'vitest'
import { acrossOf, wordedOf } from '#components/charts/plane.ts'

const day = (number: number) => new Date(Date.UTC(2026, 0, number))

/** The days of the marks that have words, where the drawing goes from day 1 to day 101. */
function wordedDays(days: readonly number[], room: number): number[] {
  const across = acrossOf([{ at: day(1) }, { at: day(101) }])
  const markers = days.map(number => ({ at: day(number), label: 'policy changed' }))
  const worded = wordedOf(markers, across, room)
  return days.filter((_, index) => [...worded].some(({ at }) => at.getTime() === markers[index]?.at.getTime()))
}

test('marks with room have words, and of those that crowd the later one', () => {
  expect(wordedDays([11, 91], 20)).toEqual([11, 91])
  expect(wordedDays([10, 20, 30], 15)).toEqual([10, 30])
  expect(wordedDays([90, 92, 94], 15)).toEqual([94])
})

test('words of the left half go right and those of the right half left, so that both keep within', () => {
  expect(wordedDays([41, 61], 25)).toEqual([61])
  expect(wordedDays([1, 101], 42)).toEqual([1, 101])
})
