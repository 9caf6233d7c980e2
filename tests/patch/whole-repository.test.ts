/** All fixes of one repository at once, by real git: what they mend is gone, and nothing else is another. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { applyEdits, unifiedDiff } from '#lib/patch/apply.ts'
import { combine } from '#lib/patch/combine.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { type ScanReport, scan } from '#lib/scan.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'
import { snapshotOf } from '../snapshot-of.ts'

const NOW = new Date('2026-06-01T00:00:00Z')
const REFS: Snapshot['refs'] = new Map(
  ['actions/checkout@v4', 'actions/setup-node@main', 'docker/build-push-action@v6'].map((ref, index) => [
    ref,
    { commit: String(index + 1).repeat(40), version: 'v4.2.0' },
  ]),
)

const CI = `# CI of everything
name: "CI"
on: [push, pull_request]   # no schedule

jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
    - uses: actions/checkout@v4
    - uses: 'actions/setup-node@main' # newest
      with: { node-version: 24 }
    - run: npm install && npm test
    - name: Web
      working-directory: web
      run: |
        yarn install --production \\
          --silent
        bundle install
    - { uses: actions/checkout@v4, with: { path: x } }
    - run: cd tools; uv sync --all-extras
`

const REPOSITORY: FileMap = {
  'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
  'web/package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
  'web/yarn.lock': '# yarn lockfile v1\n',
  'web/Gemfile': 'gem "rake"\n',
  'web/Gemfile.lock': 'GEM\n',
  'tools/pyproject.toml': '[project]\nname = "x"\nversion = "1"\ndependencies = ["requests"]\n',
  'tools/uv.lock': 'version = 1\n',
  '.github/workflows/ci.yml': CI,
  '.github/workflows/windows.yml': CI.replaceAll('\n', '\r\n').trimEnd(),
  '.github/dependabot.yml':
    'version: 2\nupdates:\n  # actions\n  - package-ecosystem: "github-actions"\n    directory: "/"\n    schedule:\n      interval: "daily"\n    # - package-ecosystem: npm\n',
  'web/Dockerfile': 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN yarn --production; \\\n    npm i -g x@1.0.0\n',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-fixes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function scanned(files: FileMap): { report: ScanReport; repo: Snapshot } {
  const repo = snapshotOf(files, { refs: REFS })
  return { repo, report: scan(repo, CHECKS, defaultPolicy, NOW) }
}

function findingsOf({ checks }: ScanReport) {
  return checks.flatMap(({ id, findings }) => findings.map(finding => ({ id, ...finding })))
}

/** What a person makes of `git apply`, whatever is in the report. */
function applied(files: FileMap, diff: string): FileMap {
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: diff })
  execFileSync('git', ['add', '--all'], { cwd: folder })
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: folder, encoding: 'utf8' }).split('\0').filter(Boolean)
  return Object.fromEntries(paths.map(path => [path, readFileSync(join(folder, path), 'utf8')]))
}

test('all fixes together mend what they say and leave the rest as it is', () => {
  const before = scanned(REPOSITORY)
  const fixed = findingsOf(before.report).filter(({ patch }) => patch)
  const both = combine(fixed.map(({ patch }) => patch?.edits ?? []))
  expect(both).toMatchObject({ applied: fixed.length, leftOut: 0 })
  const mended = new Set(fixed.map(({ id }) => id))
  for (const id of ['installs-frozen', 'install-scripts-disabled', 'actions-pinned', 'updates-automated'])
    expect(mended).toContain(id)

  const files = applied(REPOSITORY, unifiedDiff(before.repo.files, both.edits))
  const after = findingsOf(scanned(files).report)
  const ids = new Set(after.map(({ id, fingerprint }) => `${id} ${fingerprint}`))
  expect(fixed.filter(({ id, fingerprint }) => ids.has(`${id} ${fingerprint}`)).map(({ message }) => message)).toEqual(
    [],
  )
  // What had no fix is still there, and nothing is new: a fix changes the excerpt of its neighbours at the most.
  // The one fix of these stands at the first of the places that it mends.
  const mendedAtOnce = ['updates-automated', 'dependencies-audited']
  const unfixed = findingsOf(before.report).filter(({ id, patch }) => !patch && !mendedAtOnce.includes(id))
  const about = ({ id, evidence }: (typeof after)[number]) => `${id} ${evidence.path}`
  // Who is to look at the updates of a new entry only a person knows.
  const known = (found: typeof after) => found.filter(({ id }) => id !== 'updates-reviewed').map(about)
  expect(known(after).sort()).toEqual(known(unfixed).sort())
})

test('comments, quotes, indentation and line ends stay', () => {
  const { repo, report } = scanned(REPOSITORY)
  const fixes = findingsOf(report).flatMap(({ patch }) => (patch ? [patch.edits] : []))
  const files = applied(REPOSITORY, unifiedDiff(repo.files, combine(fixes).edits))
  const ci = files['.github/workflows/ci.yml'] ?? ''
  expect(ci).toContain('# CI of everything\nname: "CI"\non: [push, pull_request]   # no schedule\n')
  expect(ci).toContain(`    - uses: 'actions/setup-node@${'2'.repeat(40)}' # v4.2.0 # newest\n`)
  expect(ci).toContain(`    - { uses: actions/checkout@${'1'.repeat(40)}, with: { path: x } }\n`)
  expect(ci).toContain('    - run: npm ci --ignore-scripts && npm test\n')
  expect(ci).toMatch(
    /yarn install (?:--frozen-lockfile --ignore-scripts|--ignore-scripts --frozen-lockfile) --production \\\n/,
  )
  expect(ci).toContain('        BUNDLE_FROZEN=true bundle install\n')
  const windows = files['.github/workflows/windows.yml'] ?? ''
  expect(windows).toBe(ci.replaceAll('\n', '\r\n').trimEnd())
  expect(files['.github/dependabot.yml']?.startsWith(REPOSITORY['.github/dependabot.yml'] ?? '')).toBe(true)
})

test('a pinned checkout keeps its comment on its line, and drops its token below', () => {
  const path = '.github/workflows/audit.yml'
  const text = `on:
  pull_request:
jobs:
  audit:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: cargo deny check advisories
      - uses: actions/upload-artifact@v4
        with: { path: . }
`
  const snapshot = snapshotOf(
    { [path]: text, 'Cargo.toml': '[package]\nname="a"\n[dependencies]\nb="1"\n' },
    { refs: REFS },
  )
  const fixes = scan(snapshot, CHECKS, defaultPolicy, NOW).checks.flatMap(({ findings }) =>
    findings.flatMap(({ patch }) => (patch?.edits.every(edit => edit.path === path) ? [patch.edits] : [])),
  )
  const { edits, leftOut } = combine(fixes)
  expect(leftOut).toBe(0)
  const after = applyEdits(snapshot.files, edits).get(path) ?? ''
  expect(after).toContain(`@${'1'.repeat(40)} # v4.2.0\n        with:\n          persist-credentials: false\n`)
  // What the workflow gives its token stands below its triggers, however many a fix adds.
  expect(after).toMatch(/^on:\n {2}pull_request:\n {2}schedule:\n.*\n+permissions:\n {2}contents: read\njobs:/)
})
