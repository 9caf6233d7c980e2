/** Every check says what it is called elsewhere, by ids that those catalogues have. */
import { expect, test } from 'vitest'
import { CATALOGUES, referencesOf } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import catalogues from './catalogues.json' with { type: 'json' }

const KNOWN = new Map(Object.entries(catalogues).map(([name, { ids }]) => [name, new Set(ids)]))

test('every id stands in its catalogue', () => {
  const wrong = CHECKS.flatMap(({ id, mapsTo }) =>
    Object.entries(mapsTo).flatMap(([catalogue, ids]) =>
      ids.filter(other => !KNOWN.get(catalogue)?.has(other)).map(other => `${id}: ${catalogue} has no ${other}`),
    ),
  )
  expect(wrong).toEqual([])
})

test('every check is mapped to each catalogue, or said to have nothing like it there', () => {
  const names = CATALOGUES.map(({ id }) => id)
  expect([...KNOWN.keys()].toSorted()).toEqual(names.toSorted())
  const silent = CHECKS.filter(({ mapsTo }) => names.some(name => !Array.isArray(mapsTo[name])))
  expect(silent.map(({ id }) => id)).toEqual([])
})

test('no check names the same thing twice, and every name leads to a page', () => {
  for (const check of CHECKS) {
    const references = referencesOf(check)
    expect(new Set(references.map(({ catalogue, id }) => `${catalogue} ${id}`)).size).toBe(references.length)
    for (const { url } of references) expect(new URL(url).protocol).toBe('https:')
  }
})

test('every catalogue says where it is from and of which day', () => {
  for (const { source, date, ids } of Object.values(catalogues)) {
    expect(source).not.toBe('')
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(new Set(ids).size).toBe(ids.length)
  }
})
