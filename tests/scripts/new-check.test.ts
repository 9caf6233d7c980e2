import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newCheck } from '../../scripts/new-check.ts'

const ROOT = join(import.meta.dirname, '../..')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-check-'))
  mkdirSync(join(folder, 'lib/checks'), { recursive: true })
  writeFileSync(join(folder, 'lib/checks/index.ts'), readFileSync(join(ROOT, 'lib/checks/index.ts')))
  writeFileSync(join(folder, 'lib/checks/taken-already.ts'), '')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('it writes three files, and the index still lists every check', () => {
  const before = readFileSync(join(ROOT, 'lib/checks/index.ts'), 'utf8')
  const files = newCheck(folder, 'things-are-good')
  expect([...files.keys()]).toEqual([
    'lib/checks/things-are-good.ts',
    'lib/checks/index.ts',
    'tests/checks/things-are-good.test.ts',
  ])
  const index = files.get('lib/checks/index.ts') ?? ''
  expect(index).toContain("import { thingsAreGood } from './things-are-good.ts'\n")
  for (const [line] of before.matchAll(/^import .*$/gm)) expect(index).toContain(`${line}\n`)
  const listed = /= \[([^\]]*)\]/.exec(before)?.[1]?.match(/\w+/g) ?? []
  expect(/Check\[\] = \[([^\]]*)\]/.exec(index)?.[1]?.match(/\w+/g)).toEqual([...listed, 'thingsAreGood'])
})

test.each(['Things', 'one', 'a_b', '../x-y', 'x-'])('%s is no id', id => {
  expect(() => newCheck(folder, id)).toThrow('is no id of a check')
})

test('a check that exists is not written over', () => {
  expect(() => newCheck(folder, 'taken-already')).toThrow('There is a check taken-already already.')
})
