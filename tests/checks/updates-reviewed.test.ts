import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DEPENDABOT = '.github/dependabot.yml'
const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'
const entry = (ecosystem: string, more = '') =>
  `  - package-ecosystem: ${ecosystem}\n    directory: /\n    schedule:\n      interval: weekly\n${more}`
const dependabot = (...entries: string[]) => ({ [DEPENDABOT]: `version: 2\nupdates:\n${entries.join('')}` })

function judge(files: Record<string, string>) {
  return verdictOf('updates-reviewed', files)
}

test('one entry with an assignee and one without make exactly one finding, mended by review', () => {
  const files = {
    'package.json': NPM,
    'go.mod': 'require a.b/c v1.0.0\n',
    ...dependabot(entry('npm', '    assignees: [ada, "1st"]\n'), entry('gomod')),
  }
  const result = judge(files)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${DEPENDABOT}:8`])
  expect(result.findings[0]?.patch?.safety).toBe('review')
  expect(judge(mended(files, result)).outcome).toBe('pass')
})

test.each([
  ['    assignees: [ada]\n', 'pass'],
  ['    assignees: []\n', 'fail'],
  ['    reviewers: [ada]\n', 'fail'],
  ['    assignees: [ada]\n    labels: []\n', 'fail'],
  ['    assignees: [ada]\n    labels: [deps]\n', 'pass'],
])('%j: %s', (more, outcome) => {
  expect(judge({ 'package.json': NPM, ...dependabot(entry('npm', more)) }).outcome).toBe(outcome)
})

describe('CODEOWNERS', () => {
  test.each([
    ['* @acme/all\n', 'pass'],
    ['/package.json @ada\n', 'pass'],
    ['package.json ada@example.org # who knows it\n', 'pass'],
    ['*.json @ada\n', 'pass'],
    ['/* @ada\n', 'pass'],
    ['docs/ @ada\n', 'fail'],
    ['/Package.json @ada\n', 'fail'],
    ['* @ada\n/package.json\n', 'fail'],
    ['/package.json @ada\n* @acme/all\n', 'pass'],
    ['# * @ada\n', 'fail'],
    ['* ada\n', 'fail'],
    ['!package.json @ada\n', 'fail'],
    ['[pP]ackage.json @ada\n', 'fail'],
    ['*\\ * @ada\n', 'fail'],
    ['* @ada\r\n', 'pass'],
  ])('%j: %s', (owners, outcome) => {
    const files = { 'package.json': NPM, ...dependabot(entry('npm')) }
    expect(judge({ ...files, '.github/CODEOWNERS': owners }).outcome).toBe(outcome)
  })

  test.each([
    ['apps/ @ada\n', 'pass'],
    ['/apps @ada\n', 'pass'],
    ['apps/* @ada\n', 'fail'],
    ['apps/*/ @ada\n', 'pass'],
    ['apps/** @ada\n', 'pass'],
    ['**/web @ada\n', 'pass'],
    ['web/package.json @ada\n', 'fail'],
    ['/* @ada\n', 'fail'],
  ])('a nested manifest under %j: %s', (owners, outcome) => {
    const files = dependabot(entry('npm').replace('directory: /', 'directory: /apps/web'))
    expect(judge({ 'apps/web/package.json': NPM, ...files, CODEOWNERS: owners }).outcome).toBe(outcome)
  })

  test('of two files only the first place counts', () => {
    const files = { 'package.json': NPM, ...dependabot(entry('npm')) }
    expect(judge({ ...files, '.github/CODEOWNERS': 'docs/ @ada\n', CODEOWNERS: '* @ada\n' }).outcome).toBe('fail')
  })

  test('one that could not be read is unknown', () => {
    const unread = [{ part: 'files' as const, path: 'CODEOWNERS', reason: 'gone' }]
    const files = { 'package.json': NPM, ...dependabot(entry('npm')) }
    expect(verdictOf('updates-reviewed', files, { unread }).outcome).toBe('unknown')
  })
})

test.each([
  [{}, 'fail'],
  [{ assignees: ['ada'] }, 'pass'],
  [{ reviewers: ['team:all'] }, 'pass'],
  [{ extends: [':reviewer(ada)'] }, 'pass'],
  [{ extends: [':assignAndReview(ada)'] }, 'pass'],
  [{ packageRules: [{ matchManagers: ['npm'], reviewers: ['ada'] }] }, 'pass'],
  [{ packageRules: [{ matchManagers: ['gomod'], reviewers: ['ada'] }] }, 'fail'],
])('renovate %j: %s', (config, outcome) => {
  expect(judge({ 'package.json': NPM, 'renovate.json': JSON.stringify(config) }).outcome).toBe(outcome)
})
