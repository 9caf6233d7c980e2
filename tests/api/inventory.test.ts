import { expect, test } from 'vitest'
import { inventoryQuery, turnedHref } from '#lib/api/inventory.ts'

const MIDDLE = { next: 'N', previous: 'P' }

/** What the address asks that is turned to from this one. */
function turned(search: string, ends: { next: string | null; previous: string | null }, to: number) {
  const query = inventoryQuery.parse(Object.fromEntries(new URLSearchParams(search)))
  const { pathname, searchParams } = new URL(turnedHref(query, ends, to), 'https://plumbline.example')
  expect(pathname).toBe('/inventory')
  return Object.fromEntries(searchParams)
}

test('a list is turned forward from behind its last row, and back up to its first', () => {
  expect(turned('q=a', { next: 'N', previous: null }, 2)).toEqual({ q: 'a', after: 'N', page: '2' })
  expect(turned('q=a&after=M&page=2', MIDDLE, 3)).toEqual({ q: 'a', after: 'N', page: '3' })
  expect(turned('kind=actions&upTo=M&page=3', MIDDLE, 4)).toEqual({ kind: 'actions', after: 'N', page: '4' })
  expect(turned('after=M&page=3', MIDDLE, 2)).toEqual({ upTo: 'P', page: '2' })
})

test('in front of the second page is the first, also where rows came before it meanwhile', () => {
  expect(turned('q=a&after=M&page=2', MIDDLE, 1)).toEqual({ q: 'a' })
  expect(turned('q=a&upTo=M&page=7', { next: 'N', previous: null }, 6)).toEqual({ q: 'a' })
})
