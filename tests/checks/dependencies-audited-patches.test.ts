/** What the patches of `dependencies-audited` change, and that they change nothing else. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { applyEdits } from '#lib/patch/apply.ts'
import { combine } from '#lib/patch/combine.ts'
import { snapshotOf } from '../snapshot-of.ts'
import { ID, NPM, PIP, run, workflow } from './audited-files.ts'
import { mended, verdictOf } from './verdict-of.ts'

describe('patches', () => {
  const cases: [string, string, string][] = [
    ['`|| true`', '- run: npm audit || true # soft', '- run: npm audit # soft'],
    ['a block', run('npm ci\nnpm audit || true\nnpm test'), run('npm ci\nnpm audit\nnpm test')],
    ['quotes', "- run: 'npm audit || true'", "- run: 'npm audit'"],
    ['continue-on-error', '- run: npm audit\n  continue-on-error: true # x\n  name: y', '- run: npm audit\n  name: y'],
    [
      'Trivy',
      '- uses: aquasecurity/trivy-action@v1\n  with:\n    # tree\n    scan-type: fs',
      '- uses: aquasecurity/trivy-action@v1\n  with:\n    # tree\n    exit-code: 1\n    scan-type: fs',
    ],
    [
      'Trivy at 0',
      "- uses: aquasecurity/trivy-action@v1\n  with:\n    scan-type: fs\n    exit-code: '0'",
      "- uses: aquasecurity/trivy-action@v1\n  with:\n    scan-type: fs\n    exit-code: '1'",
    ],
    ['Trivy by command', '- run: trivy fs .', '- run: trivy fs --exit-code 1 .'],
    ['Grype', '- run: grype dir:.', '- run: grype --fail-on high dir:.'],
    [
      'fail-build',
      '- uses: anchore/scan-action@v6\n  with: { path: ., fail-build: false }',
      '- uses: anchore/scan-action@v6\n  with: { path: ., fail-build: true }',
    ],
    ['exit-zero', '- run: safety check --exit-zero', '- run: safety check'],
  ]
  test.each(cases)('%s is mended and nothing else', (_, before, after) => {
    const needs = before.includes('safety') ? PIP : NPM
    for (const lineBreak of ['\n', '\r\n']) {
      const made = (steps: string): FileMap => ({
        ...needs,
        '.github/workflows/a.yml': (workflow(steps)['.github/workflows/a.yml'] ?? '').replaceAll('\n', lineBreak),
      })
      const [files, fixed] = [made(before), made(after)]
      expect(mended(files, verdictOf(ID, files))).toEqual(fixed)
      expect(verdictOf(ID, fixed).outcome).toBe('pass')
    }
  })

  test.each([
    ['on: [pull_request]\n', 'on:\n  pull_request:\n  schedule:\n    - cron: "17 5 * * 1"\n'],
    ['on: push # main\n', 'on:\n  push:\n  schedule:\n    - cron: "17 5 * * 1" # main\n'],
    [
      'on:\n    push:\n        branches: [main]\n    # why\n',
      'on:\n    push:\n        branches: [main]\n    schedule:\n      - cron: "17 5 * * 1"\n    # why\n',
    ],
    [
      'on: { push: { branches: [main] } }\n',
      'on: { schedule: [{ cron: "17 5 * * 1" }], push: { branches: [main] } }\n',
    ],
    ['on:\n  schedule:\n    - cron: "0 0 * * 1"\n', 'on:\n  schedule:\n    - cron: "0 0 * * 1"\n  pull_request:\n'],
  ])('%s gets the trigger that it lacks', (on, fixed) => {
    const files = { ...NPM, ...workflow(run('npm audit'), on) }
    expect(mended(files, verdictOf(ID, files))).toEqual({ ...NPM, ...workflow(run('npm audit'), fixed) })
    expect(verdictOf(ID, mended(files, verdictOf(ID, files))).outcome).toBe('pass')
  })

  test('a workflow that does more than audit is left alone; a new one makes it whole', () => {
    const text = 'on: push\njobs:\n  a:\n    steps: [{ run: npm audit }]\n  deploy:\n    steps: [{ run: ./deploy }]\n'
    const files = { ...NPM, ...PIP, '.github/workflows/audit.yml': text }
    const made = mended(files, verdictOf(ID, files))
    expect(made['.github/workflows/audit.yml']).toBe(text)
    expect(made['.github/workflows/dependency-audit.yml']).toContain('osv-scanner')
    expect(verdictOf(ID, made).outcome).toBe('pass')
  })

  test('the first workflow of a repository is one that Dependabot updates', () => {
    const made = mended(NPM, verdictOf(ID, NPM))
    const entry = 'package-ecosystem: github-actions\n    directory: /\n'
    expect(made['.github/dependabot.yml']).toContain(entry)
    const missing = verdictOf('updates-automated', made).findings.map(({ message }) => message)
    expect(missing).toEqual([expect.stringContaining('npm in `/`')])
    const all = [...verdictOf(ID, NPM).findings, ...verdictOf('updates-automated', NPM).findings]
    const both = combine(all.flatMap(({ patch }) => (patch ? [patch.edits] : [])))
    expect(both).toMatchObject({ applied: 2, leftOut: 0 })
    const files = { ...NPM, ...Object.fromEntries(applyEdits(snapshotOf(NPM).files, both.edits)) }
    for (const id of [ID, 'updates-automated']) expect(verdictOf(id, files).outcome).toBe('pass')
  })

  test.each([
    ['version: 2\nupdates:\n- package-ecosystem: npm\n  directory: /\n  schedule: { interval: daily }', true],
    ['version: 2\nupdates: []\n', true],
    [
      'version: 2\nupdates:\n- package-ecosystem: github-actions\n  directory: /\n  schedule: { interval: daily }\n',
      false,
    ],
    ['version: 1\n', false],
  ])('beside a configuration that is there: %j', (text, isAdded) => {
    const files = { ...NPM, '.github/dependabot.yml': text }
    const made = mended(files, verdictOf(ID, files))
    expect(made['.github/dependabot.yml']?.includes('minor-and-patch')).toBe(isAdded)
    expect(Object.hasOwn(made, '.github/workflows/audit.yml')).toBe(true)
  })

  test('Renovate updates it as it stands, and a repository with workflows has its own finding', () => {
    for (const files of [
      { ...NPM, 'renovate.json': '{}' },
      { ...NPM, '.github/workflows/ci.yml': 'on: push\njobs: {}\n' },
    ])
      expect(mended(files, verdictOf(ID, files))['.github/dependabot.yml']).toBeUndefined()
  })

  test.each([
    ['on: [pull_request]\n', 'on:\n  pull_request:\n  schedule:\n    - cron: "17 5 * * 1"\n'],
    ['on:\n  schedule:\n    - cron: "0 0 * * 1"\n', 'on:\n  schedule:\n    - cron: "0 0 * * 1"\n  pull_request:\n'],
  ])('an audit without teeth gets them and the trigger that it lacks at once: %j', (on, fixed) => {
    const files = { ...NPM, ...workflow('- run: npm audit || true', on) }
    const [finding] = verdictOf(ID, files).findings
    expect(finding?.message).toMatch(/cannot fail the build: .* Let it run on .* too\.$/)
    expect(mended(files, verdictOf(ID, files))).toEqual({ ...NPM, ...workflow('- run: npm audit', fixed) })
    expect(verdictOf(ID, mended(files, verdictOf(ID, files))).outcome).toBe('pass')
  })

  test('where the trigger would run more than the audit, a workflow of its own mends both', () => {
    const more = workflow('- run: npm audit || true\n- run: ./deploy', 'on: [push]\n')
    const files = {
      ...NPM,
      '.github/workflows/a.yml': `${more['.github/workflows/a.yml']}  b:\n    steps: [{ run: x }]\n`,
    }
    const made = mended(files, verdictOf(ID, files))
    expect(made['.github/workflows/a.yml']).toBe(files['.github/workflows/a.yml'])
    expect(verdictOf(ID, made).outcome).toBe('pass')
  })

  test('Deno audits what it takes from npm', () => {
    const files = { 'web/deno.json': '{ "imports": { "a": "npm:a@1" } }', 'web/deno.lock': '{}' }
    const made = mended(files, verdictOf(ID, files))
    expect(made['.github/workflows/audit.yml']).toContain(
      'deno@2.9.6 audit --level=high\n        working-directory: web\n',
    )
    expect(verdictOf(ID, made).outcome).toBe('pass')
    expect(verdictOf('installs-frozen', made).outcome).toBe('pass')
  })

  test('one step at fault for many places is mended once', () => {
    const files = { ...NPM, ...PIP, ...workflow('- run: trivy fs .') }
    const result = verdictOf(ID, files)
    expect(result.findings).toHaveLength(2)
    expect(verdictOf(ID, mended(files, result)).outcome).toBe('pass')
  })
})
