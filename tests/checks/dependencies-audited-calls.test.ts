/** Audits that are written elsewhere: in reusable workflows and actions, of this repository and of others of the organisation. */
import { describe, expect, test } from 'vitest'
import { BOTH, ID, judge, NPM, workflow } from './audited-files.ts'
import { places, verdictOf } from './verdict-of.ts'

describe('workflows and actions that are called', () => {
  const call = (uses: string, more = '') => ({
    '.github/workflows/a.yml': `${BOTH}jobs:\n  a:\n    uses: ${uses}\n${more}`,
  })
  const called = (step: string) =>
    `on:\n  workflow_call:\n    inputs:\n      dir: { type: string, default: . }\n      soft: { type: boolean, default: false }\njobs:\n  x:\n    steps:\n      - run: ${step}\n        working-directory: \${{ inputs.dir }}\n        continue-on-error: \${{ inputs.soft }}\n`

  test('a local one is followed with its inputs', () => {
    const files = { ...NPM, '.github/workflows/x.yml': called('npm audit') }
    expect(judge({ ...files, ...call('./.github/workflows/x.yml') }).outcome).toBe('pass')
    expect(judge({ ...files, ...call('./.github/workflows/x.yml', '    with: { soft: true }\n') }).weight).toBe(1)
    const below = { 'web/package.json': NPM['package.json'], '.github/workflows/x.yml': called('npm audit') }
    const inWeb = call('./.github/workflows/x.yml', '    with: { dir: web }\n')
    expect(judge({ ...below, ...inWeb }).outcome).toBe('pass')
    expect(judge({ ...below, ...call('./.github/workflows/x.yml') }).message).toContain('Nothing')
    expect(judge(files).message).toContain('Nothing')
    const told = `on:\n  workflow_call:\n    inputs: { command: { type: string } }\njobs:\n  x:\n    steps: [{ run: "\${{ inputs.command }}" }]\n`
    const telling = call('./.github/workflows/x.yml', '    with: { command: npm audit }\n')
    expect(judge({ ...NPM, '.github/workflows/x.yml': told, ...telling }).outcome).toBe('pass')
  })

  test('one of the organisation through the store; without it unknown, unless another step makes it right', () => {
    const files = { ...NPM, ...call('acme/shared/.github/workflows/x.yml@v1') }
    const store = (text: string) => ({ called: new Map([['acme/shared/.github/workflows/x.yml', text]]) })
    expect(verdictOf(ID, files, store(called('npm audit'))).outcome).toBe('pass')
    const soft = verdictOf(ID, files, store(called('npm audit || true')))
    expect(soft.outcome).toBe('fail')
    expect(places(soft)).toEqual(['.github/workflows/a.yml:7'])
    expect(soft.findings[0]?.patch?.edits.every(({ kind }) => kind === 'create')).toBe(true)
    expect(verdictOf(ID, files)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('acme/shared') })
    const own = { '.github/workflows/b.yml': `${BOTH}jobs:\n  b:\n    steps: [{ run: npm audit }]\n` }
    expect(verdictOf(ID, { ...files, ...own }).outcome).toBe('pass')
    const other = { ...NPM, ...call('other/shared/.github/workflows/x.yml@v1') }
    expect(verdictOf(ID, other).outcome).toBe('fail')
    // Of a folder nobody knows whose it is; what its name does not promise is not waited for.
    const scan = { ...NPM, ...call('other/shared/.github/workflows/security-scan.yml@v1') }
    expect(verdictOf(ID, scan, { repository: 'app' }).outcome).toBe('unknown')
    expect(verdictOf(ID, other, { repository: 'app' }).outcome).toBe('fail')
  })

  test('actions: local ones and those of the organisation', () => {
    const action = 'runs:\n  using: composite\n  steps:\n    - run: npm audit\n      shell: bash\n'
    expect(judge({ ...NPM, 'act/action.yml': action, ...workflow('- uses: ./act') }).outcome).toBe('pass')
    const files = { ...NPM, ...workflow('- uses: acme/audit@v1') }
    expect(verdictOf(ID, files, { called: new Map([['acme/audit/action.yml', action]]) }).outcome).toBe('pass')
    expect(verdictOf(ID, files).outcome).toBe('unknown')
  })

  test('workflows that call each other are followed with what they hand on', () => {
    const inner = `on:\n  workflow_call:\n    inputs: { run: { type: string, default: none } }\njobs:\n  x:\n    if: inputs.run == 'all'\n    steps: [{ run: npm audit }]\n`
    const middle = (handed: string) =>
      `on:\n  workflow_call:\n    inputs: { audit: { type: string, default: all } }\njobs:\n  m:\n    if: inputs.audit != 'skip'\n    uses: ./.github/workflows/x.yml\n    with: { run: ${handed} }\n`
    const passedOn = `"\${{ inputs.audit }}"`
    const files = (handed: string, more = '') => ({
      ...NPM,
      '.github/workflows/x.yml': inner,
      '.github/workflows/m.yml': middle(handed),
      ...call('./.github/workflows/m.yml', more),
    })
    expect(judge(files(passedOn)).outcome).toBe('pass')
    expect(judge(files('all', '    with: { audit: some }\n')).outcome).toBe('pass')
    expect(judge(files(passedOn, '    with: { audit: some }\n')).outcome).toBe('fail')
    expect(judge(files('all', '    with: { audit: skip }\n')).outcome).toBe('fail')
    const onPush = {
      ...files('all'),
      '.github/workflows/a.yml': 'on: push\njobs:\n  a:\n    uses: ./.github/workflows/m.yml\n',
    }
    expect(judge(onPush)).toMatchObject({ weight: 0.5, message: expect.stringContaining('on changes only') })
    const foreign = {
      ...files('all'),
      '.github/workflows/m.yml': middle('all').replace('./.github', 'acme/shared/.github'),
    }
    expect(verdictOf(ID, foreign)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('acme/shared') })
  })

  test('workflows that all call each other are not followed every way there is', () => {
    const names = Array.from({ length: 30 }, (_, index) => `w${index}.yml`)
    const jobs = names.map((name, index) => `  j${index}:\n    uses: ./.github/workflows/${name}\n`).join('')
    const files = Object.fromEntries(
      names.map(name => [`.github/workflows/${name}`, `on: [workflow_call, push]\njobs:\n${jobs}`] as const),
    )
    const started = performance.now()
    expect(judge({ ...NPM, ...files }).outcome).toBe('unknown')
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('a workflow that calls itself ends', () => {
    const text = `on: [workflow_call, pull_request]\njobs:\n  a:\n    uses: ./.github/workflows/a.yml\n`
    expect(judge({ ...NPM, '.github/workflows/a.yml': text }).message).toContain('Nothing')
  })
})
