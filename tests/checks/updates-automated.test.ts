import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DEPENDABOT = '.github/dependabot.yml'
const NPM = '{"dependencies":{"left-pad":"1.3.0"}}'

function judge(files: Record<string, string>, more = {}) {
  return verdictOf('updates-automated', files, more)
}

function entry(ecosystem: string, where: string, more = ''): string {
  return `  - package-ecosystem: ${ecosystem}\n    ${where}\n    schedule: { interval: weekly }\n${more}`
}

function dependabot(...entries: string[]): Record<string, string> {
  return { [DEPENDABOT]: `version: 2\nupdates:\n${entries.join('')}` }
}

test('one covered and one uncovered directory make exactly one finding', () => {
  const result = judge({
    'package.json': NPM,
    'go.mod': 'require a.b/c v1.0.0\n',
    ...dependabot(entry('npm', 'directory: /')),
  })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['go.mod:1'])
})

describe('directories', () => {
  test.each([
    ['directory: /web', true],
    ['directory: web/', true],
    ['directory: ./web', true],
    ['directory: /', false],
    ['directory: /Web', false],
    ['directories: [/api, /web]', true],
    ['directories: ["/*"]', true],
    ['directories: ["/w*"]', true],
    ['directories: ["**/*"]', true],
    ['directories: ["/web/*"]', false],
    ['directory: "*"', true],
  ])('%s covers /web: %s', (where, covered) => {
    expect(judge({ 'web/package.json': NPM, ...dependabot(entry('npm', where)) }).outcome).toBe(
      covered ? 'pass' : 'fail',
    )
  })

  test.each(['directories: ["*"]', 'directories: ["**/*"]', 'directories: ["/**"]'])(
    '%s does not take the root',
    where => {
      expect(judge({ 'package.json': NPM, ...dependabot(entry('npm', where)) }).outcome).toBe('fail')
    },
  )

  test.each([
    ['directories: ["/*"]', false],
    ['directories: ["/apps/*"]', true],
    ['directories: ["/apps/**"]', true],
    ['directories: ["/**/*"]', true],
  ])('%s covers /apps/web: %s', (where, covered) => {
    expect(judge({ 'apps/web/package.json': NPM, ...dependabot(entry('npm', where)) }).outcome).toBe(
      covered ? 'pass' : 'fail',
    )
  })
})

describe('an entry that makes no updates', () => {
  const off = '    open-pull-requests-limit: 0\n'
  const ignoring = '    ignore:\n      - dependency-name: "*"\n'

  test.each([
    ['a limit of 0', off, 'fail'],
    ['a limit of 1', '    open-pull-requests-limit: 1\n', 'pass'],
    ['everything ignored', ignoring, 'fail'],
    ['majors ignored', `${ignoring}        update-types: ["version-update:semver-major"]\n`, 'pass'],
    ['some versions ignored', `${ignoring}        versions: [">=5"]\n`, 'pass'],
    ['the manifest excluded', '    exclude-paths: ["package.json"]\n', 'fail'],
    ['another path excluded', '    exclude-paths: ["docs/**"]\n', 'pass'],
  ])('%s: %s', (_, more, outcome) => {
    expect(judge({ 'package.json': NPM, ...dependabot(entry('npm', 'directory: /', more)) }).outcome).toBe(outcome)
  })

  test('is named, with what switches it off, and gets no second entry', () => {
    const result = judge({ 'package.json': NPM, ...dependabot(entry('npm', 'directory: /', off)) })
    expect(places(result)).toEqual([`${DEPENDABOT}:3`])
    expect(result.findings[0]?.message).toContain('open-pull-requests-limit: 0')
    expect(result.findings[0]).not.toHaveProperty('patch')
  })
})

describe('an invalid Dependabot file covers nothing', () => {
  const valid = dependabot(entry('npm', 'directory: /'))[DEPENDABOT] ?? ''
  test.each([
    ['not YAML', `${valid}  - [`, /not YAML: .*\(line \d+\)/],
    ['version 1', valid.replace('version: 2', 'version: 1'), /`version` is not 2 \(line 1\)/],
    ['no version', valid.replace('version: 2\n', ''), /`version: 2` is missing/],
    ['updates no list', 'version: 2\nupdates: {}\n', /`updates` is not a list \(line 2\)/],
    ['no ecosystem', valid.replace('package-ecosystem: npm', 'x: npm'), /no `package-ecosystem` \(line 3\)/],
    ['an unknown ecosystem', valid.replace(': npm', ': yarn'), /`yarn` is no ecosystem.*\(line 3\)/],
    ['no directory', valid.replace('    directory: /\n', ''), /neither `directory` nor `directories`/],
    ['no interval', valid.replace('interval', 'day'), /no `schedule.interval`/],
    ['no mapping', '- 1\n', /not a YAML mapping/],
  ])('%s', (_, text, words) => {
    const result = judge({ 'package.json': NPM, [DEPENDABOT]: text })
    expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0 })
    expect(result.findings[0]?.message).toMatch(words)
    expect(result.findings.some(finding => finding.patch)).toBe(false)
  })

  test('other faults are let pass', () => {
    const text = `${valid}    no-such-key: 1\nalso: here\n`
    expect(judge({ 'package.json': NPM, [DEPENDABOT]: text }).outcome).toBe('pass')
  })

  test('an entry of a group has the group’s schedule', () => {
    const text =
      'version: 2\nmulti-ecosystem-groups:\n  all: { schedule: { interval: weekly } }\nupdates:\n  - { package-ecosystem: npm, directory: /, patterns: ["*"], multi-ecosystem-group: all }\n'
    expect(judge({ 'package.json': NPM, [DEPENDABOT]: text }).outcome).toBe('pass')
  })
})

test('`.yml` is read, `.yaml` beside it is named as ignored; alone it is read', () => {
  const text = dependabot(entry('npm', 'directory: /'))[DEPENDABOT] ?? ''
  const both = judge({
    'package.json': NPM,
    [DEPENDABOT]: 'version: 2\nupdates: []\n',
    '.github/dependabot.yaml': text,
  })
  expect(both.outcome).toBe('fail')
  expect(both.notes).toEqual([
    '`.github/dependabot.yaml` is ignored: `.github/dependabot.yml` is the one that is read.',
  ])
  expect(judge({ 'package.json': NPM, '.github/dependabot.yaml': text }).outcome).toBe('pass')
})

test('security updates are told beside the verdict', () => {
  const settings = {
    securityUpdates: true,
    vulnerabilityAlerts: null,
    secretScanning: null,
    shaPinningRequired: null,
    defaultBranchProtected: null,
    protectedEnvironments: null,
  }
  const result = judge({ 'package.json': NPM }, { settings })
  expect(result.outcome).toBe('fail')
  expect(result.notes).toEqual(['Dependabot security updates are switched on in the settings.'])
})

test('a configuration that could not be read is no finding; a lock too large is no matter', () => {
  const unread = (path: string) => ({ unread: [{ part: 'files', path, reason: 'too large' }] })
  expect(judge({ 'package.json': NPM }, unread(DEPENDABOT)).outcome).toBe('unknown')
  expect(judge({ 'package.json': NPM }, unread('.github/renovate.json5')).outcome).toBe('unknown')
  const covered = { 'package.json': NPM, ...dependabot(entry('npm', 'directory: /')) }
  expect(judge(covered, unread('package-lock.json')).outcome).toBe('pass')
})

test('requirement files directly below a covered folder are covered, as Dependabot reads them', () => {
  const files = { 'docs/requirements.txt': 'sphinx==7\n' }
  expect(judge({ ...files, ...dependabot(entry('pip', 'directory: /')) }).outcome).toBe('pass')
  const deep = { 'a/docs/requirements.txt': 'sphinx==7\n' }
  expect(judge({ ...deep, ...dependabot(entry('pip', 'directory: /')) }).outcome).toBe('fail')
})

describe('the patch', () => {
  /** How every new entry behaves, so that it needs no second mending: weekly, grouped, a week late. */
  const manners = (indent: string) =>
    [
      'schedule:',
      '  interval: weekly',
      'groups:',
      '  minor-and-patch:',
      '    applies-to: version-updates',
      '    patterns: ["*"]',
      '    update-types: [minor, patch]',
      'cooldown:',
      '  default-days: 7',
    ]
      .map(line => `${indent}${line}\n`)
      .join('')
  const both = { 'package.json': NPM, 'api/go.mod': 'require a.b/c v1\n', 'web/package.json': NPM }

  test('creates the file with exactly what is missing', () => {
    const made = mended(both, judge(both))
    expect(made[DEPENDABOT]).toBe(`version: 2
updates:
  - package-ecosystem: gomod
    directory: /api
${manners('    ')}  - package-ecosystem: npm
    directories:
      - /
      - /web
${manners('    ')}`)
    expect(judge(made as Record<string, string>).outcome).toBe('pass')
    for (const other of ['updates-weekly', 'updates-grouped', 'updates-cooled-down'])
      expect(verdictOf(other, made).outcome, other).toBe('pass')
  })

  test.each([
    [
      'comments, order and what follows',
      'version: 2\n# ours\nupdates:\n  # first\n  - package-ecosystem: npm # yes\n    directories: ["/", "/web"]\n    schedule:\n      interval: daily # often\n    # labels: [x]\n\nregistries: {}\n',
      `    # labels: [x]\n  - package-ecosystem: gomod\n    directory: /api\n${manners('    ')}\nregistries: {}\n`,
    ],
    [
      'no indentation, no newline at the end',
      'version: 2\nupdates:\n- package-ecosystem: npm\n  directories: ["/", "/web"]\n  schedule: {interval: daily}',
      `\n- package-ecosystem: gomod\n  directory: /api\n${manners('  ').trimEnd()}`,
    ],
    [
      'an empty list',
      'version: 2\nupdates: [] # none\n',
      `  - package-ecosystem: npm\n    directories:\n      - /\n      - /web\n${manners('    ').trimEnd()} # none\n`,
    ],
    [
      'blank lines between entries',
      `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: {interval: daily}\n\n  - package-ecosystem: npm\n    directory: /web\n    schedule: {interval: daily}\n`,
      `    schedule: {interval: daily}\n\n  - package-ecosystem: gomod\n    directory: /api\n${manners('    ')}`,
    ],
  ])('keeps %s', (_, text, tail) => {
    const files = { ...both, [DEPENDABOT]: text }
    const made = mended(files, judge(files)) as Record<string, string>
    expect(made[DEPENDABOT]).toContain(tail)
    expect(judge(made).outcome).toBe('pass')
  })

  test('is not offered where Renovate is in charge', () => {
    const result = judge({ ...both, 'renovate.json': '{"enabledManagers":["cargo"]}' })
    expect(result.findings.some(finding => finding.patch)).toBe(false)
  })
})

test.each([
  ['{ "enabledManagers": ["cargo"] }', 'Name its manager in `enabledManagers`'],
  ['{ "ignorePaths": ["web"] }', 'Write `ignorePaths` there without this path'],
  ['{ "includePaths": ["docs/**"] }', 'Name the path in `includePaths`'],
  ['{ "npm": { "enabled": false } }', 'Set `enabled` to true for it'],
])('where Renovate is told %s the message says what to change', (config, words) => {
  const files = { 'web/package.json': '{ "dependencies": { "a": "1" } }', 'renovate.json': config }
  const { findings } = verdictOf('updates-automated', files)
  const message = findings.map(finding => finding.message).join()
  expect(message).toContain(words)
  expect(message).toContain('or add a Dependabot entry with `package-ecosystem: npm` and `directory: /web`.')
})
