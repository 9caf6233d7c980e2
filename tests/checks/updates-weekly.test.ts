import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DEPENDABOT = '.github/dependabot.yml'
const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'

function judge(schedule: string, more = '') {
  const entries = [schedule].map(one => `  - package-ecosystem: npm\n    directory: /\n    schedule:\n${one}`)
  return verdictOf('updates-weekly', {
    'package.json': NPM,
    [DEPENDABOT]: `version: 2\nupdates:\n${entries.join('')}${more}`,
  })
}

function renovate(config: object) {
  return verdictOf('updates-weekly', { 'package.json': NPM, 'renovate.json': JSON.stringify(config) })
}

test('one entry by the week and one by the month make exactly one finding', () => {
  const result = judge(
    '      interval: weekly\n',
    '  - package-ecosystem: gomod\n    directory: /\n    schedule: { interval: "monthly" }\n',
  )
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${DEPENDABOT}:9`])
})

test.each([
  ['      interval: daily\n', 'pass'],
  ['      interval: weekly\n      day: sunday\n', 'pass'],
  ['      interval: monthly\n', 'fail'],
  ['      interval: quarterly\n', 'fail'],
  ['      interval: semiannually\n', 'fail'],
  ['      interval: yearly\n', 'fail'],
  ['      interval: cron\n      cronjob: "0 9 * * 1"\n', 'pass'],
  ['      interval: cron\n      cronjob: "0 9 * * *"\n', 'pass'],
  ['      interval: cron\n      cronjob: "0 9 1 * *"\n', 'fail'],
  ['      interval: cron\n      cronjob: "0 9 */7 * *"\n', 'pass'],
  ['      interval: cron\n      cronjob: "0 9 1,15 * *"\n', 'fail'],
  ['      interval: cron\n      cronjob: "0 9 1 * 1"\n', 'pass'],
  ['      interval: cron\n      cronjob: "0 9 * 1-6 1"\n', 'fail'],
  ['      interval: cron\n      cronjob: "0 9 * jan-dec mon"\n', 'pass'],
  ['      interval: cron\n      cronjob: "0 9 * * mon#1"\n', 'fail'],
  ['      interval: cron\n      cronjob: "0 9 * * mon%2"\n', 'fail'],
  ['      interval: cron\n      cronjob: "every day at noon"\n', 'pass'],
])('%j: %s', (schedule, outcome) => {
  expect(judge(schedule).outcome).toBe(outcome)
})

test('an entry that makes no version updates is not examined', () => {
  expect(judge('      interval: monthly\n', '    open-pull-requests-limit: 0\n').outcome).toBe('not-applicable')
})

test('the schedule of a group of ecosystems counts for those that join it, and is mended once', () => {
  const group = 'version: 2\nmulti-ecosystem-groups:\n  all:\n    schedule:\n      interval: "monthly"\nupdates:\n'
  const entry = (name: string) =>
    `  - package-ecosystem: ${name}\n    directory: /\n    patterns: ["*"]\n    multi-ecosystem-group: all\n`
  const files = { [DEPENDABOT]: group + entry('npm') + entry('gomod') }
  const result = verdictOf('updates-weekly', files)
  expect(places(result)).toEqual([`${DEPENDABOT}:5`, `${DEPENDABOT}:5`])
  expect(mended(files, result)[DEPENDABOT]).toContain('interval: weekly\n')
})

test('an invalid file is another check’s finding', () => {
  expect(verdictOf('updates-weekly', { [DEPENDABOT]: 'version: 1\n' }).outcome).toBe('not-applicable')
})

test('a configuration that could not be read is unknown', () => {
  const unread = [{ part: 'files' as const, path: 'renovate.json', reason: 'gone' }]
  expect(verdictOf('updates-weekly', {}, { unread }).outcome).toBe('unknown')
})

test('files of other kinds that were not read leave it known', () => {
  const unread = [{ part: 'files' as const, path: null, reason: '5 of 9 of another kind were read' }]
  const files = { 'package.json': NPM, 'renovate.json': '{}' }
  expect(verdictOf('updates-weekly', files, { unread }).outcome).toBe('pass')
})

describe('renovate', () => {
  test.each([
    [{}, 'pass'],
    [{ extends: ['schedule:weekly'] }, 'pass'],
    [{ extends: ['schedule:monthly'] }, 'fail'],
    [{ extends: ['config:semverAllMonthly'] }, 'fail'],
    [{ extends: ['schedule:monthly'], schedule: ['before 4am on monday'] }, 'pass'],
    [{ schedule: ['on the first day of the month'] }, 'fail'],
    [{ schedule: 'every weekend' }, 'pass'],
    [{ schedule: ['every 2 weeks on monday'] }, 'fail'],
    [{ schedule: ['before 5am every weekday', 'on the first day of the month'] }, 'pass'],
    [{ schedule: ['* 0-3 1 * *'] }, 'fail'],
    [{ npm: { schedule: ['on the first day of the month'] } }, 'fail'],
    [{ gomod: { schedule: ['on the first day of the month'] } }, 'pass'],
    [{ packageRules: [{ matchManagers: ['npm'], schedule: ['* 0-3 1 * *'] }] }, 'fail'],
    [{ packageRules: [{ matchPackageNames: ['aws-sdk'], schedule: ['* 0-3 1 * *'] }] }, 'pass'],
    [{ packageRules: [{ matchUpdateTypes: ['major'], schedule: ['* 0-3 1 * *'] }] }, 'pass'],
    [{ extends: ['github>elsewhere/presets'] }, 'unknown'],
    [{ lockFileMaintenance: { schedule: ['* 0-3 1 * *'] } }, 'pass'],
    [{ enabled: false, schedule: ['* 0-3 1 * *'] }, 'not-applicable'],
  ])('%j: %s', (config, outcome) => {
    expect(renovate(config).outcome).toBe(outcome)
  })

  test('the finding quotes the line of the schedule', () => {
    const text = '{\n  "timezone": "UTC",\n  "schedule": ["on the first day of the month"]\n}\n'
    expect(places(verdictOf('updates-weekly', { 'package.json': NPM, 'renovate.json': text }))).toEqual([
      'renovate.json:3',
    ])
  })
})

test('when a preset runs that is not known is not known, unless the file itself says when', () => {
  const files = { 'package.json': '{ "dependencies": { "a": "1.0.0" } }\n' }
  const judged = (renovate: object) =>
    verdictOf('updates-weekly', { ...files, 'renovate.json': JSON.stringify(renovate) }).outcome
  expect(judged({ extends: ['local>acme/renovate-config'] })).toBe('unknown')
  expect(judged({ extends: ['local>acme/renovate-config'], schedule: ['before 6am on monday'] })).toBe('pass')
  expect(judged({ extends: ['config:recommended'] })).toBe('pass')
})
