import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DEPENDABOT = '.github/dependabot.yml'
const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'
const HEAD = '  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: weekly\n'

function judge(groups: string) {
  return verdictOf('updates-grouped', { [DEPENDABOT]: `version: 2\nupdates:\n${HEAD}${groups}` })
}

test('one grouped and one ungrouped entry make exactly one finding', () => {
  const result = judge(`    groups:\n      all:\n        patterns: ["*"]\n${HEAD.replace('npm', 'gomod')}`)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${DEPENDABOT}:10`])
})

const group = (...lines: string[]) => `      one:\n${lines.map(line => `        ${line}\n`).join('')}`
const other = (...lines: string[]) => group(...lines).replace('one', 'two')

test.each([
  [group('patterns: ["*"]'), 'pass'],
  [group('patterns:', '  - "*"'), 'pass'],
  [group('update-types: [minor, patch]'), 'pass'],
  [group('patterns: ["*"]', 'update-types: [minor, patch]'), 'pass'],
  [group('patterns: ["*"]', 'update-types: [patch]'), 'fail'],
  [group('patterns: ["*"]', 'update-types: [minor]') + other('patterns: ["*"]', 'update-types: [patch]'), 'pass'],
  [group('patterns: ["react*"]'), 'fail'],
  [group('applies-to: security-updates', 'patterns: ["*"]'), 'fail'],
  [group('applies-to: version-updates', 'patterns: ["*"]'), 'pass'],
  [group('dependency-type: development'), 'fail'],
  [group('dependency-type: development') + other('dependency-type: production'), 'pass'],
  [group('patterns: ["*"]', 'exclude-patterns: ["next"]'), 'pass'],
  [group('group-by: dependency-name', 'patterns: ["*"]'), 'fail'],
])('%j: %s', (groups, outcome) => {
  expect(judge(`    groups:\n${groups}`).outcome).toBe(outcome)
})

test.each([
  ['    patterns: ["*"]\n', 'pass'],
  ['    patterns: ["react*"]\n', 'fail'],
])('an entry that joins a group of ecosystems with %j: %s', (patterns, outcome) => {
  const text = `version: 2\nmulti-ecosystem-groups:\n  all:\n    schedule:\n      interval: weekly\nupdates:\n${HEAD}    multi-ecosystem-group: all\n${patterns}`
  expect(verdictOf('updates-grouped', { [DEPENDABOT]: text }).outcome).toBe(outcome)
})

describe('the fix', () => {
  test('keeps comments and the other groups, and mends', () => {
    const text = `version: 2\nupdates:\n${HEAD}    groups: # ours\n      react:\n        patterns: ["react*"] # always together\n    # later\n    labels: [deps]\n`
    const files = { [DEPENDABOT]: text }
    const after = mended(files, verdictOf('updates-grouped', files))
    expect(after[DEPENDABOT]).toBe(
      text.replace(
        '# always together\n',
        '# always together\n      minor-and-patch:\n        applies-to: version-updates\n        patterns: ["*"]\n        update-types: [minor, patch]\n',
      ),
    )
    expect(verdictOf('updates-grouped', after).outcome).toBe('pass')
  })

  test('needs no line break at the end of the file', () => {
    const files = { [DEPENDABOT]: `version: 2\nupdates:\n${HEAD}`.trimEnd() }
    expect(verdictOf('updates-grouped', mended(files, verdictOf('updates-grouped', files))).outcome).toBe('pass')
  })

  test('is not offered where the entry is written on one line', () => {
    const text = 'version: 2\nupdates:\n  - { package-ecosystem: npm, directory: /, schedule: { interval: weekly } }\n'
    expect(verdictOf('updates-grouped', { [DEPENDABOT]: text }).findings[0]?.patch).toBeUndefined()
  })
})

test.each([
  [{}, 'fail'],
  [{ extends: ['config:recommended'] }, 'fail'],
  [{ extends: ['group:all'] }, 'pass'],
  [{ extends: ['group:allNonMajor'] }, 'pass'],
  [{ extends: ['config:recommended', 'group:allNonMajor'], ignorePresets: ['group:allNonMajor'] }, 'fail'],
  [{ groupName: 'all' }, 'pass'],
  [{ packageRules: [{ matchUpdateTypes: ['minor', 'patch'], groupName: 'small' }] }, 'pass'],
  [{ packageRules: [{ matchUpdateTypes: ['patch'], groupName: 'small' }] }, 'fail'],
  [{ packageRules: [{ matchPackageNames: ['react'], groupName: 'react' }] }, 'fail'],
  [
    {
      packageRules: [
        { matchDepTypes: ['dependencies'], groupName: 'a' },
        { matchDepTypes: ['devDependencies'], groupName: 'b' },
      ],
    },
    'pass',
  ],
  [{ packageRules: [{ matchDepTypes: ['devDependencies'], groupName: 'b' }] }, 'fail'],
  [{ packageRules: [{ matchCurrentVersion: '!/^0/', matchUpdateTypes: ['minor', 'patch'], groupName: 'a' }] }, 'pass'],
  [{ packageRules: [{ matchPackageNames: ['*'], groupName: '{{depName}}' }] }, 'fail'],
])('renovate %j: %s', (config, outcome) => {
  expect(verdictOf('updates-grouped', { 'package.json': NPM, 'renovate.json': JSON.stringify(config) }).outcome).toBe(
    outcome,
  )
})
