import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const CI = '.github/workflows/ci.yml'

function workflow(top: string, ...jobs: string[]): Record<string, string> {
  const texts = jobs.map((job, index) => `  job${index}:\n    runs-on: x\n${job}    steps:\n      - run: make\n`)
  return { [CI]: `on: push\n${top}jobs:\n${texts.join('')}` }
}

function judge(files: Record<string, string>) {
  return verdictOf('workflow-permissions-least', files)
}

test('one good and one bad workflow make exactly one finding', () => {
  const bad = { '.github/workflows/bad.yml': workflow('', '')[CI] ?? '' }
  const result = judge({ ...workflow('permissions: read-all\n', ''), ...bad })
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['.github/workflows/bad.yml:2'])
})

test.each([
  ['read-all', workflow('permissions: read-all\n', '')],
  ['an empty mapping', workflow('permissions: {}\n', '')],
  ['reads', workflow('permissions:\n  contents: read\n  issues: none\n', '')],
  ['a write at a job', workflow('permissions: {}\n', '    permissions:\n      contents: write\n')],
  ['every job for itself', workflow('', '    permissions: {}\n', '    permissions: read-all\n')],
  ['write-all at the top that reaches no job', workflow('permissions: write-all\n', '    permissions: {}\n')],
])('right: %s', (_, files) => {
  expect(judge(files)).toMatchObject({ outcome: 'pass', findings: [] })
})

test.each([
  ['undeclared', workflow('', ''), 'declares no permissions'],
  ['null', workflow('permissions:\n', ''), 'declares no permissions'],
  ['write-all', workflow('permissions: write-all\n', ''), '`write-all`'],
  ['a write at the top', workflow('permissions:\n  contents: write\n', ''), '`contents: write`'],
  ['one job without its own', workflow('', '    permissions: {}\n', ''), '`job1`'],
  ['a job whose permissions are null', workflow('', '    permissions:\n'), '`job0`'],
  ['write-all at a job', workflow('permissions: {}\n', '    permissions: write-all\n'), '`job0`'],
  ['a reusable workflow', { [CI]: 'on: workflow_call\njobs:\n  a:\n    steps: []\n' }, 'declares no permissions'],
])('wrong: %s', (_, files, words) => {
  const result = judge(files)
  expect(result.findings).toHaveLength(1)
  expect(result.findings[0]?.message).toContain(words)
})

test('permissions behind an alias count', () => {
  const text =
    'on: push\njobs:\n  a:\n    permissions: &p { contents: read }\n    steps: []\n  b:\n    permissions: *p\n    steps: []\n'
  expect(judge({ [CI]: text })).toMatchObject({ outcome: 'pass', examined: 2 })
})

describe('the patch', () => {
  const block = 'permissions:\n  contents: read\n'
  test.each([
    [
      'behind the triggers',
      'on:\n  push:\n    branches: [main] # only\n\njobs: {a: {}}\n',
      `on:\n  push:\n    branches: [main] # only\n\n${block}\njobs: {a: {}}\n`,
    ],
    ['without blank lines', 'on: push\njobs: {a: {}}\n', `on: push\n${block}jobs: {a: {}}\n`],
    [
      'with a comment before the jobs',
      'on: push\n\n# All of them.\njobs: {a: {}}\n',
      `on: push\n\n${block}\n# All of them.\njobs: {a: {}}\n`,
    ],
    ['where the triggers come last', 'jobs: {a: {}}\non: push', `jobs: {a: {}}\non: push\n${block.trimEnd()}`],
    [
      'for null',
      'on: push\npermissions: # later\njobs: {a: {}}\n',
      `on: push\npermissions:\n  contents: read # later\njobs: {a: {}}\n`,
    ],
    ['for write-all', 'on: push\npermissions: write-all\njobs: {a: {}}\n', `on: push\n${block}jobs: {a: {}}\n`],
  ])('%s', (_, before, after) => {
    const files = { [CI]: before }
    const result = judge(files)
    expect(mended(files, result)).toEqual({ [CI]: after })
    expect(judge(mended(files, result) as Record<string, string>).outcome).toBe('pass')
    expect(result.findings[0]?.patch?.safety).toBe('review')
  })

  test.each([
    [
      'permissions:\n  contents: read\n  packages: write # to push\n',
      '    permissions:\n      contents: read\n      packages: write # to push\n',
    ],
    ['permissions: { contents: write }\n', '    permissions: { contents: write }\n'],
  ])('what the top gives goes to the only job: %j', (top, moved) => {
    for (const lineBreak of ['\n', '\r\n']) {
      const lines = (files: Record<string, string>) => ({ [CI]: (files[CI] ?? '').replaceAll('\n', lineBreak) })
      const files = lines(workflow(top, ''))
      const result = judge(files)
      const after = (workflow(block, '')[CI] ?? '').replace('  job0:\n', `  job0:\n${moved}`)
      expect(result.findings[0]?.patch?.safety).toBe('safe')
      expect(mended(files, result)).toEqual(lines({ [CI]: after }))
      expect(judge(lines({ [CI]: after })).outcome).toBe('pass')
    }
  })

  test('which of two jobs needs a write at the top is left to a person', () => {
    expect(judge(workflow('permissions:\n  contents: write\n', '', '')).findings[0]).not.toHaveProperty('patch')
  })
})
