/** What the patches of `dependencies-audited` change, and that they change nothing else. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
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

  test('one step at fault for many places is mended once', () => {
    const files = { ...NPM, ...PIP, ...workflow('- run: trivy fs .') }
    const result = verdictOf(ID, files)
    expect(result.findings).toHaveLength(2)
    expect(verdictOf(ID, mended(files, result)).outcome).toBe('pass')
  })
})
