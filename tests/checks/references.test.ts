/** Every check says what it is called elsewhere, by ids that those catalogues have. */
import { expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import catalogues from './catalogues.json' with { type: 'json' }

const KNOWN: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(catalogues).map(([name, { ids }]) => [name, ids]),
)

test('every id stands in its catalogue', () => {
  const wrong = CHECKS.flatMap(({ id, references }) =>
    references
      .filter(({ catalogue, id: other }) => catalogue !== 'docs' && !KNOWN[catalogue]?.includes(other))
      .map(({ catalogue, id: other }) => `${id}: ${catalogue} has no ${other}`),
  )
  expect(wrong).toEqual([])
})

test('every catalogue says where it is from and of which day', () => {
  for (const { source, date, ids } of Object.values(catalogues)) {
    expect(source).not.toBe('')
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(new Set(ids).size).toBe(ids.length)
  }
})
