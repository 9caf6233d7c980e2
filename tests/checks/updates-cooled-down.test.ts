import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DEPENDABOT = '.github/dependabot.yml'
const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'
const HEAD = '  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: weekly\n'

function judge(more: string, files: Record<string, string> = {}) {
  return verdictOf('updates-cooled-down', {
    'package.json': NPM,
    [DEPENDABOT]: `version: 2\nupdates:\n${HEAD}${more}`,
    ...files,
  })
}

test('every entry is looked at, not only the first good one', () => {
  const result = judge(`    cooldown:\n      default-days: 7\n${HEAD.replace('npm', 'gomod')}`)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${DEPENDABOT}:9`])
})

test.each([
  ['default-days: 1', 'pass'],
  ['default-days: 0', 'fail'],
  ['semver-major-days: 30', 'fail'],
  ['semver-major-days: 30\n      semver-minor-days: 7\n      semver-patch-days: 3', 'pass'],
  ['default-days: 7\n      include: ["react*"]', 'fail'],
  ['default-days: 7\n      include: ["*"]', 'pass'],
  ['default-days: 7\n      exclude: ["@acme/*"]', 'pass'],
  ['default-days: 7\n      exclude: ["*"]', 'fail'],
])('cooldown %j: %s', (lines, outcome) => {
  expect(judge(`    cooldown:\n      ${lines}\n`).outcome).toBe(outcome)
})

describe('the package manager of the folder waits itself', () => {
  test.each([
    [{ '.npmrc': 'min-release-age=3\n' }, 'pass'],
    [{ '.npmrc': 'min-release-age=0\n' }, 'fail'],
    [{ 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'minimumReleaseAge: 1440\n' }, 'pass'],
    [{ 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'minimumReleaseAge: 60\n' }, 'fail'],
    [{ 'pnpm-lock.yaml': '', '.npmrc': 'min-release-age=3\n' }, 'fail'],
    [{ 'pnpm-lock.yaml': '', 'package.json': '{"packageManager":"pnpm@11.1.0","dependencies":{"a":"1"}}' }, 'pass'],
    [{ 'pnpm-lock.yaml': '', 'package.json': '{"packageManager":"pnpm@10.9.0","dependencies":{"a":"1"}}' }, 'fail'],
    [{ 'yarn.lock': '', '.yarnrc.yml': 'npmMinimalAgeGate: 3d\n' }, 'pass'],
    [{ 'yarn.lock': '', '.yarnrc.yml': 'npmMinimalAgeGate: 30\n' }, 'fail'],
  ])('%j: %s', (files, outcome) => {
    expect(judge('', files).outcome).toBe(outcome)
  })

  test('in one of two folders is not in both', () => {
    const text = `version: 2\nupdates:\n${HEAD.replace('directory: /', 'directories: ["/a", "/b"]')}`
    const files = {
      'a/package.json': NPM,
      'b/package.json': NPM,
      'a/.npmrc': 'min-release-age=3\n',
      [DEPENDABOT]: text,
    }
    expect(verdictOf('updates-cooled-down', files).outcome).toBe('fail')
    expect(verdictOf('updates-cooled-down', { ...files, 'b/.npmrc': 'min-release-age=3\n' }).outcome).toBe('pass')
  })
})

test.each([
  '',
  '    cooldown:\n      default-days: 0 # none\n',
  '    cooldown:\n      semver-major-days: 30\n',
  '    # about what follows\n',
])('the fix of an entry that ends %j mends it', more => {
  const files = { [DEPENDABOT]: `version: 2\nupdates:\n${HEAD}${more}${HEAD.replace('npm', 'gomod')}` }
  const after = mended(files, verdictOf('updates-cooled-down', files))
  expect(verdictOf('updates-cooled-down', after).outcome).toBe('pass')
  for (const line of files[DEPENDABOT].split('\n'))
    expect(after[DEPENDABOT]).toContain(line.replace('days: 0', 'days: 7'))
})

test.each([
  [{}, 'fail'],
  [{ extends: ['github>acme/presets'] }, 'unknown'],
  [{ extends: ['github>acme/presets'], minimumReleaseAge: '3 days' }, 'pass'],
  [{ minimumReleaseAge: '3 days' }, 'pass'],
  [{ minimumReleaseAge: '3 hours' }, 'fail'],
  [{ minimumReleaseAge: '1 week', packageRules: [{ matchManagers: ['npm'], minimumReleaseAge: null }] }, 'fail'],
  [{ stabilityDays: 3 }, 'pass'],
  [{ extends: ['config:best-practices'] }, 'pass'],
  [{ extends: ['security:minimumReleaseAgePypi'] }, 'fail'],
  [{ npm: { minimumReleaseAge: '5 days' } }, 'pass'],
  [{ packageRules: [{ matchUpdateTypes: ['major'], minimumReleaseAge: '5 days' }] }, 'fail'],
  [{ packageRules: [{ matchDatasources: ['npm'], minimumReleaseAge: '5 days' }] }, 'pass'],
])('renovate %j: %s', (config, outcome) => {
  expect(
    verdictOf('updates-cooled-down', { 'package.json': NPM, 'renovate.json': JSON.stringify(config) }).outcome,
  ).toBe(outcome)
})
