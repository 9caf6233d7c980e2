import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROUTE_RIGHTS } from '#tests/route-rights.ts'
import { code, textOf } from '#tests/source-files.ts'
import { FILE, rightsPage } from '../../scripts/rights.ts'

test('the page of rights is the one that the tables make: run node scripts/rights.ts', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(rightsPage())
})

test('it has a row for every route and every server action', () => {
  const page = rightsPage()
  for (const route of Object.keys(ROUTE_RIGHTS)) expect(page).toContain(`| \`${route}\` |`)
  const actions = code.flatMap(path => [...(textOf.get(path) ?? '').matchAll(/^ {2}'use server'/gm)].map(() => path))
  const rows = page
    .slice(page.indexOf('## What changes something'))
    .split('\n')
    .filter(line => line.startsWith('| `'))
  expect(rows).toHaveLength(actions.filter(path => path.startsWith('app/')).length)
})
