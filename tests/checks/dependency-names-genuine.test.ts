import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pythonName } from '#lib/snapshot/manifest/requirements.ts'
import { knownSquat, REPORTS } from '#lib/snapshot/names/known-squats.ts'
import { lookAlike } from '#lib/snapshot/names/look-alike.ts'
import { isMuchUsed, usedNames } from '#lib/snapshot/names/used-names.ts'
import { places, verdictOf } from './verdict-of.ts'

function judge(files: Record<string, string>) {
  return verdictOf('dependency-names-genuine', files)
}

test('one genuine and one imitated name make exactly one finding', () => {
  const result = judge({
    'package.json': '{\n  "dependencies": {\n    "express": "5.0.0",\n    "expresss": "1.0.0"\n  }\n}\n',
  })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['package.json:4'])
  expect(result.findings[0]?.message).toContain('`express`')
})

test('a name is one finding, however often it is locked', () => {
  const result = judge({
    'package.json': '{"dependencies":{"crossenv":"1.0.0"}}',
    'package-lock.json':
      '{"lockfileVersion":3,"packages":{"":{},"node_modules/crossenv":{"version":"1.0.0"},"a/node_modules/crossenv":{"version":"1.0.0"}}}',
  })
  expect(result.findings).toHaveLength(1)
})

test('what is not asked of a registry, and what the repository itself has, is not compared', () => {
  const result = judge({
    'package.json':
      '{"dependencies":{"expresss":"file:../x","crossenv":"github:acme/crossenv","pretier":"workspace:*","react":"1.0.0"}}',
    'packages/pretier/package.json': '{"name":"pretier"}',
    'web/package.json': '{"dependencies":{"pretier":"1.0.0"}}',
  })
  expect(result).toMatchObject({ outcome: 'pass', examined: 1 })
})

test('an alias is compared by the package that it stands for', () => {
  expect(judge({ 'package.json': '{"dependencies":{"express":"npm:expresss@1.0.0"}}' }).outcome).toBe('fail')
  expect(judge({ 'package.json': '{"dependencies":{"expresss":"npm:express@5.0.0"}}' }).outcome).toBe('pass')
})

describe('imitations', () => {
  test.each([
    ['npm', 'wepback', 'webpack'],
    ['npm', 'pretier', 'prettier'],
    ['npm', 'typescipt', 'typescript'],
    ['npm', 'crossenv', 'cross-env'],
    ['npm', 'escapestring-regexp', 'escape-string-regexp'],
    ['npm', 'wepack-cli', 'webpack-cli'],
    ['npm', 'requset', 'request'],
    ['npm', 'tailwndcss', 'tailwindcss'],
    ['npm', 'deezcord.js', 'discord.js'],
    ['pypi', 'aiopbotocore', 'aiobotocore'],
    ['npm', 'types-node', '@types/node'],
    ['npm', '@typse/node', '@types/node'],
    ['npm', 'cornmander', 'commander'],
    ['pypi', 'reqeusts', 'requests'],
    ['pypi', 'python-dateutil2', 'python-dateutil'],
    ['pypi', 'beautifulsoup', 'beautifulsoup4'],
    ['pypi', 'sklearn', 'scikit-learn'],
    ['pypi', 'colorsv2', 'colors'],
    ['pypi', 'padnas', 'pandas'],
    ['pypi', 'seabom', 'seaborn'],
  ] as const)('%s: %s is like %s', (ecosystem, name, target) => {
    expect(lookAlike(ecosystem, name)?.target).toBe(target)
  })

  test.each([
    ['npm', 'express'],
    ['npm', '@acme/express'],
    ['npm', 'webpack5'],
    ['npm', 'chalks'],
    ['npm', 'preact'],
    ['npm', 'jQuery'],
    ['npm', '@babel/corre'],
    ['npm', 'babel-core'],
    ['npm', 'csso-loader'],
    // Words that others use too, and what only ends otherwise to say what it is.
    ['npm', 'masked'],
    ['npm', 'data-fns'],
    ['npm', 'socksjs'],
    ['npm', 'xml2ts'],
    // A spelling, a short part, the first letter of a part, letters that lie far from each other.
    ['npm', 'webpack-bundle-analyser'],
    ['npm', 'node-gp'],
    ['npm', 'parse-dms'],
    ['npm', '@rslint/core'],
    ['npm', 'vrtest'],
    // Older than npm's rule against names that differ in separators alone, and in use.
    ['npm', 'reactdom'],
    ['npm', 'socketio'],
    ['pypi', 'pyheck'],
    ['pypi', 'pillow-simd'],
    ['npm', 'eslint-plugin-preact'],
    ['npm', 'nothing-like-anything'],
    ['pypi', 'requests2'],
    ['pypi', 'request-id'],
    ['pypi', 'pandas-stubs'],
  ] as const)('%s: %s is like none', (ecosystem, name) => {
    expect(lookAlike(ecosystem, name)).toBeNull()
  })
})

test.each(['npm', 'pypi'] as const)(
  'no much used name of %s is taken for another but the known imitations',
  ecosystem => {
    const { targets, source, date } = usedNames(ecosystem)
    expect(source).not.toBe('')
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(targets.length).toBeGreaterThanOrEqual(1000)
    expect(targets.filter(name => !isMuchUsed(ecosystem, name))).toEqual([])
    expect(targets.filter(name => lookAlike(ecosystem, name)).length).toBeLessThanOrEqual(1)
  },
)

test('reading the lists takes less than 50 ms', () => {
  const folder = join(import.meta.dirname, '../../lib/snapshot/names')
  const took = [1, 2, 3, 4, 5].map(() => {
    const start = performance.now()
    for (const list of ['npm.json', 'pypi.json', 'known-squats.json'])
      JSON.parse(readFileSync(join(folder, list), 'utf8'))
    return performance.now() - start
  })
  expect(Math.min(...took)).toBeLessThan(50)
})

test('every known squat has a report with its day, is written as its registry compares names, and is told', () => {
  for (const { ecosystem, source, date, names } of REPORTS) {
    expect(source).not.toBe('')
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    for (const [name, meant] of Object.entries(names)) {
      expect(knownSquat(ecosystem, ecosystem === 'pypi' ? pythonName(name) : name)).toBe(meant)
    }
  }
  expect(judge({ 'requirements.txt': 'jeIlyfish==0.7.1\n' }).findings[0]?.message).toContain('`jellyfish`')
})

test('a lock that cannot be read makes it unknown, with the reason', () => {
  const result = judge({ 'package-lock.json': '{"lockfileVersion": 3', 'requirements.txt': 'requests==2.32.3\n' })
  expect(result.outcome).toBe('unknown')
  expect(result.reason).toContain('package-lock.json')
})
