/** Texts that once broke a reader or held it up; each a few kilobytes of what nobody writes. */
import { expect, test } from 'vitest'
import { stagesOf } from '#lib/snapshot/dockerfile/read.ts'
import { parseYaml } from '#lib/snapshot/lockfile/yaml.ts'
import { scriptsOf } from '#lib/snapshot/package-scripts.ts'
import { argumentsOf } from '#lib/snapshot/publish/by-action.ts'
import { parseShell } from '#lib/snapshot/shell/parser.ts'

test('scripts of a package.json that is nothing but brackets', () => {
  expect(scriptsOf({ path: 'package.json', text: '['.repeat(60_000), mode: '100644', oid: '' }).size).toBe(0)
})

test('a script that is no shell is given up before it takes minutes', () => {
  const start = performance.now()
  parseShell('<a>'.repeat(12_000))?.delete()
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('after a script that was given up the next is read', () => {
  parseShell('<a>'.repeat(12_000))?.delete()
  const tree = parseShell('npm ci\n')
  expect(tree?.rootNode.namedChildren.map(({ type }) => type)).toEqual(['command'])
  tree?.delete()
})

test('the parser of YAML does not copy the line for each of its faults', () => {
  const start = performance.now()
  expect(() => parseYaml('"'.repeat(60_000))).toThrow(/not valid YAML/)
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('a rule of hash signs above a Dockerfile, and expressions that never end', () => {
  const start = performance.now()
  const text = `${'#'.repeat(200_000)}\nFROM node:22\n`
  expect(stagesOf({ path: 'Dockerfile', text, mode: '100644', oid: '' }).map(({ image }) => image)).toEqual(['node:22'])
  expect(argumentsOf(`run ${'${{'.repeat(20_000)}`).length).toBe(2)
  expect(performance.now() - start).toBeLessThan(10_000)
})
