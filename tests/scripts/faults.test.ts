import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FILE, faultsPage } from '../../scripts/faults.ts'

test('the page of faults is the one that the tested table makes: run node scripts/faults.ts', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(faultsPage())
})
