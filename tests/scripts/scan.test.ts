/** The command as people run it: a process, its output and its exit status. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SHA = 'a'.repeat(40)
const CI = '.github/workflows/ci.yml'
const WORKFLOW = `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: a/b@${SHA}\n      - uses: c/d@v1\n`
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function scan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/scan.ts'), ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('--json prints one object of the shape that people script against', () => {
  put(CI, WORKFLOW)
  const { status, stdout } = scan(folder, '--json')
  const report = JSON.parse(stdout)
  expect(status).toBe(0)
  expect(Object.keys(report)).toEqual([
    'repository',
    'commit',
    'score',
    'grade',
    'itemsMet',
    'hardening',
    'checks',
    'inventory',
    'leftOut',
    'couldNotRead',
  ])
  const pinned = report.checks.find((check: { id: string }) => check.id === 'actions-pinned')
  expect(pinned).toMatchObject({ item: 'pin-actions', version: 1, outcome: 'fail', examined: 2 })
  expect(pinned.findings).toEqual([
    {
      path: CI,
      startLine: 7,
      endLine: 7,
      excerpt: '      - uses: c/d@v1',
      message: expect.stringContaining('`c/d`'),
      weight: 1,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ])
  expect(report.inventory.actions).toHaveLength(2)
})

test('its patches are taken by git apply', () => {
  put(CI, WORKFLOW.replace('permissions: {}\n', ''))
  put('package.json', '{"dependencies":{"a":"1"}}')
  const report = JSON.parse(scan(folder, '--json').stdout)
  const diffs = report.checks.flatMap((check: { findings: { patch?: { diff: string } }[] }) =>
    check.findings.flatMap(finding => finding.patch?.diff ?? []),
  )
  execFileSync('git', ['apply', '-'], { cwd: folder, input: diffs.join('') })
  const after = JSON.parse(scan(folder, '--json').stdout)
  const outcomes = Object.fromEntries(
    after.checks.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome]),
  )
  expect(outcomes).toMatchObject({
    'install-scripts-disabled': 'pass',
    'updates-automated': 'pass',
    'workflow-permissions-least': 'pass',
  })
})

test('a bare repository is read at its head', () => {
  put(CI, WORKFLOW)
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
      encoding: 'utf8',
    })
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'x')
  const commit = git('rev-parse', 'HEAD').trim()
  git('clone', '-q', '--bare', '.', 'bare.git')
  expect(JSON.parse(scan(join(folder, 'bare.git'), '--json').stdout)).toMatchObject({
    commit,
    grade: expect.any(String),
  })
})

test('the terminal gets each finding with its line, and nothing of a file that steers it', () => {
  put(CI, WORKFLOW)
  put('.github/workflows/\x1b[2Jevil.yml', WORKFLOW)
  const { status, stdout } = scan(folder)
  expect(status).toBe(0)
  expect(stdout).toContain(`${CI}:7\n`)
  expect(stdout).not.toContain('\x1b')
})

test('--fail-under exits 1 below the score, 0 from it on, and 0 where there is none', () => {
  put(CI, WORKFLOW)
  expect(scan(folder, '--fail-under', '100')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is below 100'),
  })
  expect(scan(folder, '--fail-under', '0').status).toBe(0)
  rmSync(join(folder, '.github'), { recursive: true })
  put('README.md', 'x')
  expect(scan(folder, '--fail-under', '100').status).toBe(0)
})

test.each([[[]], [['.', '--fail-under', '101']], [['.', '--fail-under', 'x']], [['.', '--what']], [['a', 'b']]])(
  'usage: %j exits 2',
  args => {
    expect(scan(...args).status).toBe(2)
  },
)

test('nothing that could be read exits 3', () => {
  expect(scan(join(folder, 'nowhere'))).toMatchObject({ status: 3, stdout: '' })
  expect(scan(folder)).toMatchObject({ status: 3, stdout: '' })
})

test('--policy judges by what an organisation demands; one that is wrong is refused by its lines', () => {
  put(CI, WORKFLOW)
  put('policy.yaml', "version: 1\nactions: [{ pattern: 'c/*', demand: tag }]\n")
  const { status, stdout } = scan(folder, '--json', '--policy', join(folder, 'policy.yaml'))
  expect(status).toBe(0)
  const checks: { id: string; outcome: string }[] = JSON.parse(stdout).checks
  expect(checks.find(({ id }) => id === 'actions-pinned')?.outcome).toBe('pass')
  put('policy.yaml', 'version: 1\nitems:\n  pin-actions: 99\n')
  const refused = scan(folder, '--policy', join(folder, 'policy.yaml'))
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('policy.yaml:3: items.pin-actions: A weight is 10 at most.')
  expect(scan(folder, '--policy', join(folder, 'none.yaml')).status).toBe(2)
})
