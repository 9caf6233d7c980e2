import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { mended, places, verdictOf } from './verdict-of.ts'

const SHA = '11bd71901bbe5b1630ceea73d27597364c9af683'
const CI = '.github/workflows/ci.yml'
const refs = new Map([['actions/checkout@v4', { commit: SHA, version: 'v4.2.2' }]])

function steps(...uses: string[]): Record<string, string> {
  const lines = uses.map(line => `      - uses: ${line}\n`)
  return { [CI]: `on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n${lines.join('')}` }
}

function judge(uses: string) {
  return verdictOf('actions-pinned', steps(uses)).outcome
}

test('one good and one bad make exactly one finding', () => {
  const result = verdictOf('actions-pinned', steps(`actions/checkout@${SHA}`, 'actions/setup-node@v4'))
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${CI}:7`])
})

test.each([
  `actions/checkout@${SHA}`,
  `actions/checkout@${SHA} # v4.2.2`,
  `actions/checkout@${'a1'.repeat(32)}`,
  `owner/repo/deep/path@${SHA}`,
  `"actions/checkout@${SHA}"`,
  './.github/actions/own',
  '$/.github/actions/own',
  `docker://alpine@sha256:${'0'.repeat(64)}`,
  `docker://alpine:3.20@sha256:${'0'.repeat(64)}`,
  'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0',
  `slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@${SHA}`,
])('right: %s', uses => {
  expect(judge(uses)).toBe('pass')
})

test.each([
  'actions/checkout@v4',
  'actions/checkout@main',
  'actions/checkout',
  'actions/checkout@',
  `actions/checkout@${SHA.slice(0, 12)}`,
  `actions/checkout@${'z'.repeat(40)}`,
  `actions/checkout@${SHA}0`,
  `actions/checkout@release-${SHA}`,
  `actions/checkout@${SHA}-rc1`,
  `actions/checkout@v4@${SHA}`,
  `\${{ matrix.action }}`,
  `actions/checkout@\${{ inputs.ref }}`,
  'docker://alpine:3.20',
  'docker://alpine',
  `docker://alpine@sha256:${'0'.repeat(63)}`,
  `docker://alpine@sha256:${'0'.repeat(64)}0`,
  'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@main',
  'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2',
  'slsa-framework/slsa-verifier/actions/installer@v2.7.0',
])('wrong: %s', uses => {
  expect(judge(uses)).toBe('fail')
})

test('a reusable workflow, a composite action and the image of a Docker action are examined', () => {
  const result = verdictOf('actions-pinned', {
    [CI]: 'on: push\njobs:\n  call:\n    uses: acme/.github/.github/workflows/build.yml@main\n',
    'tools/setup/action.yaml': 'runs:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n',
    'scan/action.yml': 'runs:\n  using: docker\n  image: docker://alpine:3\n',
    'own/action.yml': 'runs:\n  using: docker\n  image: Dockerfile\n',
  })
  expect(result.examined).toBe(3)
  expect(places(result)).toEqual([`${CI}:4`, 'scan/action.yml:3', 'tools/setup/action.yaml:4'])
  expect(result.findings[0]?.message).toContain('reusable workflow `acme/.github/.github/workflows/build.yml`')
})

test('only files directly in .github/workflows are workflows', () => {
  const text = steps('actions/checkout@v4')[CI] ?? ''
  const paths = [
    '.github/workflows/old/ci.yml',
    'docs/.github/workflows/ci.yml',
    '.GitHub/workflows/ci.yml',
    '.github/workflows/ci.yml.bak',
  ]
  const result = verdictOf('actions-pinned', Object.fromEntries(paths.map(path => [path, text])))
  expect(result.outcome).toBe('not-applicable')
})

test('a workflow that is a symbolic link holds a path, not a workflow', () => {
  const file = { path: CI, mode: '120000' as const, oid: '', text: '../../ci.yml' }
  expect(verdictOf('actions-pinned', {}, { files: new Map([[CI, file]]) }).outcome).toBe('not-applicable')
})

test('aliases and merge keys are followed, and one place is examined once', () => {
  const text = `on: push
x-step: &checkout
  uses: actions/checkout@v4
jobs:
  a:
    steps: &steps
      - *checkout
      - <<: *checkout
        with: { ref: main }
  b:
    steps: *steps
`
  const result = verdictOf('actions-pinned', { [CI]: text })
  expect(result.examined).toBe(1)
  expect(places(result)).toEqual([`${CI}:3`])
})

test('a duplicate key hides nothing', () => {
  const text = `on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1\n    steps:\n      - uses: a/b@${SHA}\n`
  expect(places(verdictOf('actions-pinned', { [CI]: text }))).toEqual([`${CI}:5`])
})

test('a `uses` that is only text, a comment or an input is not examined', () => {
  const text = `on: push
jobs:
  a:
    steps:
      # - uses: actions/checkout@v4
      - run: |
          uses: actions/checkout@v4
      - uses: ./x
        with:
          uses: actions/checkout@v4
`
  expect(verdictOf('actions-pinned', { [CI]: text })).toMatchObject({ outcome: 'pass', examined: 1 })
})

describe('a file that cannot be read', () => {
  const broken = { '.github/workflows/broken.yml': 'on: [push\njobs: {' }

  test('makes the outcome unknown, with the parser’s words and the line', () => {
    const result = verdictOf('actions-pinned', { ...steps(`actions/checkout@${SHA}`), ...broken })
    expect(result).toMatchObject({ outcome: 'unknown', value: null })
    expect(result.reason).toMatch(/broken\.yml: not readable as YAML: .*\(line \d\)/)
  })

  test('does not hide a finding elsewhere', () => {
    expect(verdictOf('actions-pinned', { ...steps('actions/checkout@v4'), ...broken }).outcome).toBe('fail')
  })

  test('an action that the crawl could not take counts too', () => {
    const unread = [{ part: 'files' as const, path: 'a/action.yml', reason: 'It is 33 MB large.' }]
    expect(verdictOf('actions-pinned', steps(`actions/checkout@${SHA}`), { unread }).outcome).toBe('unknown')
  })
})

describe('policy', () => {
  const trusting = (...actionTrust: (typeof defaultPolicy)['actionTrust'][number][]) => ({
    ...defaultPolicy,
    actionTrust,
  })

  test.each([
    ['acme/tool@main', trusting({ pattern: '*', demand: 'sha' }, { pattern: 'acme/*', demand: 'any' }), 'pass'],
    ['acme/tool@v1', trusting({ pattern: '*', demand: 'tag' }), 'pass'],
    ['acme/tool@main', trusting({ pattern: '*', demand: 'tag' }), 'fail'],
    [
      'acme/tool/sub@v1',
      trusting({ pattern: 'acme/tool/sub', demand: 'sha' }, { pattern: 'acme/*', demand: 'any' }),
      'fail',
    ],
    ['acme/tool@v1', trusting({ pattern: 'acme/*', demand: 'sha' }, { pattern: 'acme/tool', demand: 'tag' }), 'pass'],
    ['acme/tool@v1', trusting({ pattern: 'other/*', demand: 'any' }), 'fail'],
  ])('%s', (uses, policy, outcome) => {
    expect(verdictOf('actions-pinned', steps(uses), {}, policy).outcome).toBe(outcome)
  })
})

describe('the patch', () => {
  test.each([
    ['actions/checkout@v4', `actions/checkout@${SHA} # v4.2.2`],
    ['actions/checkout@v4  # v4', `actions/checkout@${SHA}  # v4.2.2`],
    ['actions/checkout@v4 # tag=v4.0', `actions/checkout@${SHA} # tag=v4.2.2`],
    ['actions/checkout@v4 # pin@v4', `actions/checkout@${SHA} # pin@v4.2.2`],
    [
      'actions/checkout@v4 # keep in step with release.yml',
      `actions/checkout@${SHA} # v4.2.2 # keep in step with release.yml`,
    ],
    ["'actions/checkout@v4'", `'actions/checkout@${SHA}' # v4.2.2`],
    ['"actions/checkout@v4" # v4', `"actions/checkout@${SHA}" # v4.2.2`],
  ])('%s', (before, after) => {
    const files = steps(before)
    expect(mended(files, verdictOf('actions-pinned', files, { refs }))).toEqual(steps(after))
  })

  test('in a flow mapping the comment stands at the end of the line, or nowhere', () => {
    const line = (step: string) => ({ [CI]: `on: push\njobs:\n  a:\n    steps:\n      - ${step}\n` })
    const closed = line('{ uses: actions/checkout@v4 }')
    expect(mended(closed, verdictOf('actions-pinned', closed, { refs }))).toEqual(
      line(`{ uses: actions/checkout@${SHA} } # v4.2.2`),
    )
    const goesOn = line('{ uses: actions/checkout@v4, if: always() }')
    expect(mended(goesOn, verdictOf('actions-pinned', goesOn, { refs }))).toEqual(
      line(`{ uses: actions/checkout@${SHA}, if: always() }`),
    )
  })

  test('without a known commit there is none', () => {
    expect(verdictOf('actions-pinned', steps('actions/checkout@v4')).findings[0]).not.toHaveProperty('patch')
  })
})

test('the message says what to write, or how to come by it', () => {
  const told = (uses: string, known: typeof refs = new Map()) =>
    verdictOf('actions-pinned', steps(uses), { refs: known }).findings[0]?.message
  expect(told('actions/checkout@v4', refs)).toContain(`Write \`actions/checkout@${SHA} # v4.2.2\`.`)
  expect(told('actions/cache/save@v4')).toContain('`gh api repos/actions/cache/commits/v4 --jq .sha`')
  expect(told('actions/checkout')).toContain('`actions/checkout@<40 hex digits>`')
  expect(told('docker://ghcr.io/a/b:1')).toContain('`docker buildx imagetools inspect ghcr.io/a/b:1`')
  expect(told(`a/b@\${{ env.REF }}`)).not.toContain('gh api')
})
