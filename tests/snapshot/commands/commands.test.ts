/** One stream of commands over workflows, actions and what they call. */
import { expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { commandsOf } from '#lib/snapshot/commands.ts'
import { snapshotOf } from '../../snapshot-of.ts'

function commands(files: FileMap) {
  return commandsOf(snapshotOf(files)).commands
}

function job(steps: string, more = ''): FileMap {
  return { '.github/workflows/a.yml': `on: push\njobs:\n  a:\n${more}    steps:\n${steps.replace(/^/gm, '      ')}\n` }
}

test('each command stands where it is written, whatever the style of the value', () => {
  for (const run of ['npm ci', '"npm ci"', "'npm ci'", '|\n    npm ci', '|-\n\n    npm ci # x', '"npm ci" # x']) {
    const [command] = commands(job(`- run: ${run}`))
    const { file, start, end } = command?.place ?? { file: { text: '' }, start: 0, end: 0 }
    expect(file.text.slice(start, end)).toBe('npm ci')
  }
  const [folded] = commands(job('- run: >\n    npm\n    ci'))
  expect(folded).toMatchObject({ argv: ['npm', 'ci'], exact: false })
})

test('the innermost environment and folder win', () => {
  const files = job(
    '- run: npm ci\n  env: { A: step }\n  working-directory: web',
    '    env: { A: job, B: job }\n    defaults: { run: { working-directory: docs } }\n',
  )
  expect(commands(files)[0]).toMatchObject({
    cwd: 'web',
    env: new Map([
      ['A', 'step'],
      ['B', 'job'],
    ]),
  })
})

test('a checkout into a folder moves the repository, one of another repository is not it', () => {
  const steps =
    '- uses: actions/checkout@v4\n  with: { path: src }\n- uses: actions/checkout@v4\n  with: { repository: x/y, path: other }\n- run: cd src/web && npm ci\n- run: cd other && npm i'
  const found = commands(job(steps))
  expect(found.map(({ argv, cwd }) => [argv[1], cwd])).toEqual([
    ['src/web', 'web'],
    ['ci', 'web'],
    ['other', null],
    ['i', null],
  ])
})

test('calls are followed: scripts, make, shell files, local actions; a cycle ends', () => {
  const files = {
    ...job('- run: npm run x\n- run: make -C sub y\n- run: bash tools/z.sh\n- uses: ./act'),
    'package.json': '{ "scripts": { "prex": "one", "x": "npm run x && two" } }',
    'sub/Makefile': 'y: w\n\t@three\nw: y\n\t-four\n',
    'tools/z.sh': '#!/bin/sh -e\nfive\n./tools/z.sh\n',
    'act/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: six\n      shell: bash\n    - uses: ./act\n',
  }
  const names = commands(files).map(({ argv }) => argv[0])
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six'])
    expect(names.filter(one => one === name).length).toBeGreaterThan(0)
  expect(commands(files).find(({ argv }) => argv[0] === 'four')?.canFail).toContain('make')
})

test('an action that no workflow calls is read by itself', () => {
  const files = { 'action.yml': 'runs:\n  using: composite\n  steps:\n    - run: npm ci\n      shell: bash\n' }
  expect(commands(files)).toHaveLength(1)
  expect(commands(files)[0]?.unit.kind).toBe('action')
})

test('a step that never runs, or whose failure is let pass, says so', () => {
  const found = commands(job('- run: a\n  continue-on-error: true\n- run: b\n  if: false\n- run: c'))
  expect(found.map(({ canFail }) => canFail === true)).toEqual([false, false, true])
})

test('a snapshot is read once', () => {
  const repo = snapshotOf(job('- run: npm ci'))
  expect(commandsOf(repo)).toBe(commandsOf(repo))
})

test('an action keeps its place, step, environment and whether it runs at all; a command its step', () => {
  const steps =
    '- run: make\n  id: build\n- uses: Acme/Push/sub@v1\n  if: false\n  env: { A: step }\n  with: { push: true }'
  const { units } = commandsOf(snapshotOf(job(steps, '    env: { A: job, B: job }\n')))
  const [unit] = units
  const [action] = unit?.actions ?? []
  const { file, start, end } = action?.place ?? { file: { text: '' }, start: 0, end: 0 }
  expect(file.text.slice(start, end)).toBe('Acme/Push/sub@v1')
  expect(action).toMatchObject({ name: 'acme/push/sub', ref: 'v1', order: 1 })
  expect(action?.canFail).toContain('if: false')
  expect(action?.env.get('A')).toBe('step')
  expect(action?.env.get('B')).toBe('job')
  expect(action?.step).toBe(unit?.job?.steps[1])
  expect(unit?.commands[0]?.step).toBe(unit?.job?.steps[0])
})

test('a script that is too tangled to be read whole is told as that, with its line', () => {
  const deep = `${'('.repeat(300)}npm install${')'.repeat(300)}`
  const { commands: found, unread } = commandsOf(snapshotOf(job(`- run: npm ci\n- run: ${deep}`)))
  expect(found.map(({ argv }) => argv.join(' '))).toEqual(['npm ci'])
  expect(unread).toEqual([
    {
      part: 'files',
      path: '.github/workflows/a.yml',
      reason: 'The script at line 6 is too large or too tangled to be read whole.',
    },
  ])
})
