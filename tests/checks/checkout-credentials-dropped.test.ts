import { expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { mended, places, verdictOf } from './verdict-of.ts'

const ID = 'checkout-credentials-dropped'
const PATH = '.github/workflows/a.yml'
const UPLOAD = '- uses: actions/upload-artifact@v4\n  with: { path: . }'

function workflow(steps: string): FileMap {
  return { [PATH]: `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.replace(/^/gm, '      ')}\n` }
}

test('one checkout that keeps its token and one that drops it', () => {
  const files = workflow(
    `- uses: actions/checkout@v4\n- uses: actions/checkout@v4\n  with: { persist-credentials: false, path: x }\n${UPLOAD}`,
  )
  const result = verdictOf(ID, files)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2 })
  expect(places(result)).toEqual([`${PATH}:6`])
})

test.each([
  ['no upload', '- uses: actions/checkout@v4', 'not-applicable'],
  ['an upload before', `${UPLOAD}\n- uses: actions/checkout@v4`, 'not-applicable'],
  ['a version that keeps it elsewhere', `- uses: actions/checkout@v6\n${UPLOAD}`, 'pass'],
  ['such a version by its comment', `- uses: actions/checkout@${'a'.repeat(40)} # v6.0.1\n${UPLOAD}`, 'pass'],
  ['an older one by its comment', `- uses: actions/checkout@${'a'.repeat(40)} # v5.0.1\n${UPLOAD}`, 'fail'],
  ['a commit of which nothing says the version', `- uses: actions/checkout@${'a'.repeat(40)}\n${UPLOAD}`, 'unknown'],
  [
    'a commit whose version a comment elsewhere says',
    `- uses: actions/checkout@${'a'.repeat(40)}\n${UPLOAD}\n- uses: actions/checkout@${'a'.repeat(40)} # v7.0.1`,
    'pass',
  ],
  [
    'persist-credentials: true',
    `- uses: actions/checkout@v4\n  with: { persist-credentials: true }\n${UPLOAD}`,
    'fail',
  ],
  [
    'an expression',
    `- uses: actions/checkout@v4\n  with: { persist-credentials: "\${{ inputs.x }}" }\n${UPLOAD}`,
    'pass',
  ],
  ['pages', '- uses: actions/checkout@v4\n- uses: actions/upload-pages-artifact@v3', 'fail'],
])('%s', (_, steps, outcome) => {
  expect(verdictOf(ID, workflow(steps)).outcome).toBe(outcome)
})

test('the message tells whether the upload takes the folder in', () => {
  const of = (path: string) =>
    verdictOf(
      ID,
      workflow(`- uses: actions/checkout@v4\n- uses: actions/upload-artifact@v4\n  with:\n    path: ${path}`),
    ).findings[0]?.message
  for (const path of ['.', './', '"**/*"', `\${{ github.workspace }}`, '|\n      dist\n      .'])
    expect(of(path)).toContain('whole folder')
  for (const path of ['dist', '"*.log"', 'build/**']) expect(of(path)).toContain('can read it')
})

test.each([
  ['- uses: actions/checkout@v4 # x', '- uses: actions/checkout@v4 # x\n  with:\n    persist-credentials: false'],
  [
    '- name: y\n  uses: actions/checkout@v4\n  with:\n    # all\n    fetch-depth: 0',
    '- name: y\n  uses: actions/checkout@v4\n  with:\n    # all\n    persist-credentials: false\n    fetch-depth: 0',
  ],
  [
    '- uses: actions/checkout@v4\n  with: { fetch-depth: 0 }',
    '- uses: actions/checkout@v4\n  with: { persist-credentials: false, fetch-depth: 0 }',
  ],
  [
    '- uses: actions/checkout@v4\n  with:\n    persist-credentials: true',
    '- uses: actions/checkout@v4\n  with:\n    persist-credentials: false',
  ],
])('the patch of %j', (before, after) => {
  for (const lineBreak of ['\n', '\r\n']) {
    const made = (steps: string) => ({
      [PATH]: (workflow(`${steps}\n${UPLOAD}`)[PATH] ?? '').replaceAll('\n', lineBreak),
    })
    expect(mended(made(before), verdictOf(ID, made(before)))).toEqual(made(after))
    expect(verdictOf(ID, made(after)).outcome).toBe('pass')
  }
})

test('no patch where a later step pushes', () => {
  const [finding] = verdictOf(ID, workflow(`- uses: actions/checkout@v4\n- run: git push\n${UPLOAD}`)).findings
  expect(finding?.message).toContain('pushes')
  expect(finding?.patch).toBeUndefined()
})
