import { describe, expect, test } from 'vitest'
import { type Check, defineCheck, type Finding, type Verdict } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { checklistVersion, scan } from '#lib/scan.ts'
import type { Unread } from '#lib/snapshot/snapshot.ts'
import { snapshotOf } from '../snapshot-of.ts'

const NOW = new Date('2026-06-01T00:00:00Z')

function checkThat(run: () => Verdict, more: Partial<Check> = {}): Check {
  const mapsTo = { scorecard: [], zizmor: [], osps: [], slsa: [], cis: [] }
  const words = { title: 'T', rationale: 'R.', remediation: 'R.' }
  const sheet = { ...words, severity: 'low', version: 1, mapsTo, references: [] } as const
  return defineCheck({
    id: 'a',
    item: 'pin-actions',
    ...sheet,
    reads: ['tree'],
    run,
    example: { failing: {}, fixed: {} },
    ...more,
  })
}

function finding(excerpt: string, more: Partial<Finding> = {}, startLine = 1): Finding {
  return { message: 'M.', evidence: { path: 'p', startLine, endLine: startLine, excerpt }, ...more }
}

function run(verdict: Verdict | (() => Verdict), unread: Unread[] = []) {
  const check = checkThat(typeof verdict === 'function' ? verdict : () => verdict)
  const report = scan(snapshotOf({}, { unread }), [check], defaultPolicy, NOW)
  const [result] = report.checks
  if (!result) throw new Error('no result')
  return { report, result }
}

describe('the outcome', () => {
  const tree: Unread = { part: 'tree', path: null, reason: 'truncated' }
  const releases: Unread = { part: 'releases', path: null, reason: 'not permitted' }

  test.each<[string, Verdict, Unread[], string, number | null]>([
    ['nothing examined', { examined: 0, findings: [] }, [], 'not-applicable', null],
    ['no finding', { examined: 3, findings: [] }, [], 'pass', 1],
    ['a finding', { examined: 4, findings: [finding('x')] }, [], 'fail', 0.75],
    ['half a finding', { examined: 2, findings: [finding('x', { weight: 0.5 })] }, [], 'fail', 0.75],
    [
      'a finding of a place that weighs as much as several',
      { examined: 3, outOf: 4, findings: [finding('x', { weight: 2 })] },
      [],
      'fail',
      0.5,
    ],
    ['more findings than places', { examined: 1, findings: [finding('x'), finding('y')] }, [], 'fail', 0],
    ['findings and examined 0', { examined: 0, findings: [finding('x')] }, [], 'fail', 0],
    ['a part that it reads is missing', { examined: 3, findings: [] }, [tree], 'unknown', null],
    ['nothing examined and a part missing', { examined: 0, findings: [] }, [tree], 'unknown', null],
    ['another part is missing', { examined: 3, findings: [] }, [releases], 'pass', 1],
    ['a finding and a part missing', { examined: 2, findings: [finding('x')] }, [tree], 'fail', 0.5],
    [
      'a file that the check could not understand',
      { examined: 3, findings: [], unread: [{ part: 'files', path: 'x', reason: 'broken' }] },
      [],
      'unknown',
      null,
    ],
  ])('%s', (_, verdict, unread, outcome, value) => {
    expect(run(verdict, unread).result).toMatchObject({ outcome, value })
  })

  test('a check that throws is an error with its words, and the others go on', () => {
    const broken = checkThat(() => {
      throw new TypeError('x is not a function')
    })
    const fine = checkThat(() => ({ examined: 1, findings: [] }), { id: 'b' })
    const report = scan(snapshotOf({}), [broken, fine], defaultPolicy, NOW)
    expect(report.checks.map(({ outcome }) => outcome)).toEqual(['error', 'pass'])
    expect(report.checks[0]).toMatchObject({ reason: 'TypeError: x is not a function', value: null })
    expect(report.items.find(({ id }) => id === 'pin-actions')).toMatchObject({ value: 1, met: false, applied: 1 })
  })

  test('a patch that does not fit is that check’s error', () => {
    const edits = [{ kind: 'replace' as const, path: 'gone', start: 0, end: 0, text: '' }]
    const { result } = run({ examined: 1, findings: [finding('x', { patch: { title: 'T', safety: 'safe', edits } })] })
    expect(result.outcome).toBe('error')
  })
})

test('what could not be read is named once, with its reason', () => {
  const unread: Unread[] = [{ part: 'files', path: 'big.lock', reason: 'too large' }]
  const { report } = run(
    { examined: 1, findings: [], unread: [...unread, { part: 'files', path: 'b', reason: 'broken' }] },
    unread,
  )
  expect(report.couldNotRead).toEqual([
    { path: 'big.lock', reason: 'too large' },
    { path: 'b', reason: 'broken' },
  ])
})

describe('a fingerprint', () => {
  const print = (...findings: Finding[]) => run({ examined: 9, findings }).result.findings.map(one => one.fingerprint)

  test('does not move with its line or its indentation', () => {
    expect(print(finding('  uses: a', {}, 3))).toEqual(print(finding('uses:  a\r', {}, 40)))
  })

  test('tells two of the same apart, and files and excerpts', () => {
    const all = [...print(finding('x'), finding('x')), ...print(finding('y'))]
    expect(new Set(all).size).toBe(3)
    expect(print(finding('x'), finding('x'))[0]).toBe(print(finding('x'))[0])
  })

  test('is another for another check', () => {
    const verdict = () => ({ examined: 1, findings: [finding('x')] })
    const [a, b] = scan(
      snapshotOf({}),
      [checkThat(verdict), checkThat(verdict, { id: 'b' })],
      defaultPolicy,
      NOW,
    ).checks
    expect(a?.findings[0]?.fingerprint).not.toBe(b?.findings[0]?.fingerprint)
  })
})

test('the checklist’s version is of ids and versions, whatever their order', () => {
  const verdict = () => ({ examined: 0, findings: [] })
  const [a, b, raised] = [checkThat(verdict), checkThat(verdict, { id: 'b' }), checkThat(verdict, { version: 2 })]
  expect(checklistVersion([a, b])).toBe(checklistVersion([b, a]))
  expect(checklistVersion([raised, b])).not.toBe(checklistVersion([a, b]))
})

test('an empty repository has no score', () => {
  const report = scan(snapshotOf({}), CHECKS, defaultPolicy, NOW)
  expect(report).toMatchObject({ score: null, grade: null, itemsMet: 0, hardening: null, scannedAt: NOW.toISOString() })
})

test('the inventory names what is called, its version and whether it is pinned', () => {
  const sha = 'a'.repeat(40)
  const text = `on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@${sha} # v1.2.3\n      - uses: c/d@v2\n      - uses: ./own\n      - uses: docker://alpine:3\n`
  const { actions } = scan(snapshotOf({ '.github/workflows/ci.yml': text }), CHECKS, defaultPolicy, NOW).inventory
  expect(actions).toEqual([
    { uses: `a/b@${sha}`, path: '.github/workflows/ci.yml', line: 5, pinned: true, version: 'v1.2.3' },
    { uses: 'c/d@v2', path: '.github/workflows/ci.yml', line: 6, pinned: false, version: 'v2' },
    { uses: 'docker://alpine:3', path: '.github/workflows/ci.yml', line: 8, pinned: false },
  ])
})

test('hostile files cost one repository one line each, and no more', () => {
  const bomb = Array.from(
    { length: 30 },
    (_, level) => `a${level}: &a${level} [${level === 0 ? '1' : `*a${level - 1},`.repeat(9)}]`,
  ).join('\n')
  const good = `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: a/b@${'a'.repeat(40)}\n`
  const report = scan(
    snapshotOf({
      '.github/workflows/bomb.yml': bomb,
      '.github/workflows/deep.yml': '['.repeat(100_000),
      '.github/workflows/large.yml': `a: ${'x'.repeat(3 * 1024 * 1024)}`,
      '.github/workflows/tabs.yml': 'on: push\njobs:\n\ta: {}\n',
      '.github/workflows/nul.yml': good.replaceAll(' a/b', ' \0a/b'),
      '.github/workflows/crlf.yml': good.replaceAll('\n', '\r\n'),
      '.github/workflows/twice.yml': `${good}${good}`,
      '.github/workflows/latin.yml': `# caf\u00e9\n${good}`,
      'package.json': '{"dependencies":',
      'Cargo.toml': '[[[[',
    }),
    CHECKS,
    defaultPolicy,
    NOW,
  )
  const unread = report.couldNotRead.filter(({ path }) => path?.startsWith('.github/'))
  expect(unread.map(({ path }) => path)).toEqual(['deep', 'large', 'tabs'].map(name => `.github/workflows/${name}.yml`))
  expect(report.checks.filter(({ outcome }) => outcome === 'error')).toEqual([])
  expect(report.checks.find(({ id }) => id === 'actions-pinned')).toMatchObject({ outcome: 'unknown', examined: 5 })
})

test('a job of thousands of installs, each of which looks at what was set before it, ends in good time', () => {
  const installs = Array.from({ length: 4_000 }, () => '          npm ci').join('\n')
  const workflow = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          npm config set ignore-scripts true\n${installs}\n`
  const files = { '.github/workflows/ci.yml': workflow, 'package.json': '{ "dependencies": { "a": "1.0.0" } }' }
  const scripts = CHECKS.filter(({ id }) => id === 'install-scripts-disabled')
  const report = scan(snapshotOf(files), scripts, defaultPolicy, NOW)
  expect(report.checks[0]).toMatchObject({ outcome: 'pass', examined: 4_000 })
})

test('a workflow of one endless line, and manifests of nothing but blanks, end in good time', () => {
  const steps = Array.from({ length: 20_000 }, () => '{uses: a/b@v1}').join(',')
  const blank = '\n'.repeat(2_000_000)
  const report = scan(
    snapshotOf({
      '.github/workflows/line.yml': `{on: push, jobs: {a: {steps: [${steps}]}}}`,
      'go.mod': blank,
      'requirements.txt': blank,
      'Cargo.toml': blank,
      'main.tf': 'module "a" {'.repeat(50_000),
      'Package.swift': '.package(name:'.repeat(50_000),
      'Chart.yaml': blank,
    }),
    CHECKS.filter(({ id }) => id !== 'dependencies-locked'),
    defaultPolicy,
    NOW,
  )
  const pinned = report.checks.find(({ id }) => id === 'actions-pinned')
  expect(pinned?.findings).toHaveLength(20_000)
  expect(pinned?.findings[0]?.evidence.excerpt).toHaveLength(2_000)
  expect(new Set(pinned?.findings.map(({ fingerprint }) => fingerprint)).size).toBe(20_000)
})
