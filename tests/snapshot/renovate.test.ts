/** Renovate's configuration, seen through the check that reads it. */
import { describe, expect, test } from 'vitest'
import { verdictOf } from '../checks/verdict-of.ts'

const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'

function judge(files: Record<string, string>, more = {}) {
  return verdictOf('updates-automated', files, more)
}

describe('Renovate', () => {
  const renovate = (config: object, path = 'renovate.json') => ({ [path]: JSON.stringify(config) })
  const all = (config: object, files: Record<string, string> = { 'package.json': NPM }) =>
    judge({ ...files, ...renovate(config) }).outcome

  test.each([
    'renovate.json',
    'renovate.json5',
    '.github/renovate.json',
    '.github/renovate.json5',
    '.gitlab/renovate.json',
    '.gitlab/renovate.json5',
    '.renovaterc',
    '.renovaterc.json',
    '.renovaterc.json5',
  ])('%s', path => {
    expect(judge({ 'package.json': NPM, ...renovate({}, path) }).outcome).toBe('pass')
  })

  test('in package.json', () => {
    expect(
      judge({ 'package.json': '{"devDependencies":{"a":"1"},"renovate":{"extends":["config:recommended"]}}' }).outcome,
    ).toBe('pass')
  })

  test('JSON5, with comments and without quotes', () => {
    expect(
      judge({ 'package.json': NPM, 'renovate.json': "// ours\n{ extends: ['config:base'], /* x */ }" }).outcome,
    ).toBe('pass')
  })

  test('an invalid file is a finding with the line; then nothing is covered', () => {
    const result = judge({ 'package.json': NPM, 'renovate.json': '{\n  "extends": [\n}' })
    expect(result).toMatchObject({ examined: 2, value: 0 })
    expect(result.findings[0]?.message).toMatch(/`renovate.json` is invalid and covers nothing: .*\(line 3\)/)
  })

  test.each([
    ['switched off', { enabled: false }, 'fail'],
    ['by a preset', { extends: [':disableRenovate'] }, 'fail'],
    ['on again over a preset', { extends: [':disableRenovate'], enabled: true }, 'pass'],
    ['other managers only', { enabledManagers: ['cargo'] }, 'fail'],
    ['this manager', { enabledManagers: ['npm', 'cargo'] }, 'pass'],
    ['the manager off', { npm: { enabled: false } }, 'fail'],
    ['another manager off', { gomod: { enabled: false } }, 'pass'],
    ['a rule for the manager', { packageRules: [{ matchManagers: ['npm'], enabled: false }] }, 'fail'],
    [
      'a rule for one package',
      { packageRules: [{ matchManagers: ['npm'], matchPackageNames: ['left-pad'], enabled: false }] },
      'pass',
    ],
    ['a rule for all packages', { packageRules: [{ matchPackageNames: ['*'], enabled: false }] }, 'fail'],
    ['a rule for majors', { packageRules: [{ matchUpdateTypes: ['major'], enabled: false }] }, 'pass'],
    [
      'a later rule on again',
      {
        packageRules: [
          { matchManagers: ['npm'], enabled: false },
          { matchManagers: ['npm'], matchUpdateTypes: ['minor'], enabled: true },
        ],
      },
      'pass',
    ],
    ['a rule for another path', { packageRules: [{ matchFileNames: ['docs/**'], enabled: false }] }, 'pass'],
    [
      'a rule for all paths but this',
      { packageRules: [{ matchFileNames: ['!package.json'], enabled: false }] },
      'pass',
    ],
    ['a preset that nobody has', { extends: ['github>acme/renovate-config'] }, 'pass'],
  ])('%s', (_, config, outcome) => {
    expect(all(config)).toBe(outcome)
  })

  test.each([
    ['recommended ignores tests', { extends: ['config:recommended'] }, 'tests/app/package.json', 'fail'],
    ['base ignores examples', { extends: ['config:base'] }, 'examples/app/package.json', 'fail'],
    ['recommended takes others', { extends: ['config:recommended'] }, 'apps/web/package.json', 'pass'],
    ['without presets tests are taken', {}, 'tests/app/package.json', 'pass'],
    [
      'own paths replace the preset’s',
      { extends: ['config:recommended'], ignorePaths: ['old/**'] },
      'tests/app/package.json',
      'pass',
    ],
    [
      'the preset is not used',
      { extends: ['config:recommended'], ignorePresets: [':ignoreModulesAndTests'] },
      'tests/app/package.json',
      'pass',
    ],
    ['only some paths', { includePaths: ['apps/**'] }, 'tools/package.json', 'fail'],
  ])('%s', (_, config, path, outcome) => {
    expect(all(config, { [path]: NPM })).toBe(outcome)
  })

  test('a preset of the organisation is opened where it is in the store', () => {
    const called = new Map([['acme/renovate-config/default.json', '{"npm":{"enabled":false}}']])
    const files = { 'package.json': NPM, ...renovate({ extends: ['github>acme/renovate-config'] }) }
    expect(judge(files, { called }).outcome).toBe('fail')
  })

  test('presets that extend each other come to an end', () => {
    const called = new Map([['a/b/default.json', '{"extends":["github>a/b","github>a/b"]}']])
    expect(judge({ 'package.json': NPM, ...renovate({ extends: ['github>a/b'] }) }, { called }).outcome).toBe('pass')
  })

  test('submodules are off until they are switched on', () => {
    const files = { '.gitmodules': '[submodule "a"]\n' }
    expect(all({}, files)).toBe('fail')
    expect(all({ 'git-submodules': { enabled: true } }, files)).toBe('pass')
  })
})
