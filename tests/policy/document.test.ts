import { describe, expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import { EMPTY_DOCUMENT, longestWaiver, policyFor, severityOf } from '#lib/policy/document.ts'
import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import { readPolicy, readSavedPolicy } from '#lib/policy/read-policy.ts'
import type { PolicyDocument } from '#lib/policy/schema.ts'
import { starterPolicy } from '#lib/policy/starter.ts'

const IDS = CHECKS.map(({ id }) => id)
const PLAIN = { topics: [], teams: [], visibility: 'public', properties: {} }

function documentOf(text: string): PolicyDocument {
  const read = readPolicy(text, IDS)
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.document
}

function problemsOf(text: string): [number, string][] {
  const read = readPolicy(text, IDS)
  return 'problems' in read ? read.problems.map(({ line, sentence }) => [line, sentence]) : []
}

test('a group is of repositories by the values of their custom properties: of one a value, and all that are named', () => {
  const document = documentOf(`version: 1
groups:
  - name: Regulated
    match: { properties: { compliance: [pci, sox], live: true, tier: 1 } }
    longest-waiver-days: 14
`)
  const daysOf = (properties: Record<string, string[]>) =>
    policyFor(document, { ...PLAIN, properties }).longestWaiverDays
  expect(daysOf({ compliance: ['gdpr', 'sox'], live: ['true'], tier: ['1'] })).toBe(14)
  expect(daysOf({ compliance: ['gdpr'], live: ['true'], tier: ['1'] })).toBe(180)
  expect(daysOf({ compliance: ['pci'], live: ['true'] })).toBe(180)
  expect(daysOf({})).toBe(180)
  const inherited = documentOf(
    'version: 1\ngroups: [{ name: A, match: { properties: { constructor: [x] } }, longest-waiver-days: 14 }]\n',
  )
  expect(policyFor(inherited, PLAIN).longestWaiverDays).toBe(180)
})

describe('what is demanded', () => {
  const text = `version: 1
items: { pin-actions: 3 }
checks:
  updates-weekly: { weight: 0, severity: critical }
actions:
  - { pattern: 'acme/*', demand: tag }
  - { pattern: '*', demand: any }
registries: { npm: [packages.acme.example] }
left-out: [examples, docs/old]
longest-waiver-days: 30
groups:
  - name: Tier 1
    match: { topics: [tier-1, crown] }
    items: { pin-actions: 5 }
    actions: [{ pattern: 'ACME/*', demand: sha }]
    longest-waiver-days: 90
  - name: Inner
    match: { teams: [platform], visibility: private }
    checks: { updates-weekly: { weight: 2 } }
`

  test('nothing said is the default, to the last digit of its hash', () => {
    expect(policyFor(EMPTY_DOCUMENT, PLAIN)).toEqual(defaultPolicy)
    expect(policyHash(policyFor(documentOf(starterPolicy()), PLAIN))).toBe(policyHash(defaultPolicy))
  })

  test('what the organisation says lies over the defaults', () => {
    const policy = policyFor(documentOf(text), PLAIN)
    expect(policy.itemWeights).toEqual({ 'pin-actions': 3 })
    expect(policy.checkWeights).toEqual({ 'updates-weekly': 0 })
    expect(policy.actionTrust).toEqual([
      { pattern: 'acme/*', demand: 'tag' },
      { pattern: '*', demand: 'any' },
    ])
    expect(policy.trustedRegistries).toEqual({ ...defaultPolicy.trustedRegistries, npm: ['packages.acme.example'] })
    expect(policy.leftOut.segments).toEqual([...defaultPolicy.leftOut.segments, 'examples', 'docs/old'])
    expect(severityOf(documentOf(text), 'updates-weekly', 'low')).toBe('critical')
    expect(severityOf(documentOf(text), 'actions-pinned', 'high')).toBe('high')
    expect(longestWaiver(documentOf(text))).toBe(90)
  })

  test('a group’s lies over that, in the repositories that it matches and no other', () => {
    const document = documentOf(text)
    const tier = policyFor(document, { ...PLAIN, topics: ['crown'] })
    expect(tier.itemWeights).toEqual({ 'pin-actions': 5 })
    expect(tier.actionTrust).toEqual([
      { pattern: 'ACME/*', demand: 'sha' },
      { pattern: '*', demand: 'any' },
    ])
    expect(tier.longestWaiverDays).toBe(90)
    const inner = policyFor(document, { ...PLAIN, topics: ['crown'], teams: ['platform'], visibility: 'private' })
    expect(inner.checkWeights).toEqual({ 'updates-weekly': 2 })
    expect(inner.itemWeights).toEqual({ 'pin-actions': 5 })
    expect(policyFor(document, { ...PLAIN, teams: ['platform'] })).toEqual(policyFor(document, PLAIN))
  })
})

describe('what is wrong is told with its line', () => {
  test.each([
    ['not YAML', 'version: 1\nitems: [', [[2, expect.stringContaining('.')]]],
    ['a key twice', 'version: 1\nleft-out: [a]\nleft-out: [b]\n', [[3, 'Map keys must be unique.']]],
    ['no version', 'items: {}\n', [[1, 'version: Write version: 1.']]],
    ['an unknown key', 'version: 1\n\nitmes: {}\n', [[3, '“itmes” is not understood here.']]],
    [
      'an unknown key within',
      'version: 1\nchecks:\n  updates-weekly:\n    wieght: 1\n',
      [[4, 'checks.updates-weekly: “wieght” is not understood here.']],
    ],
    [
      'weights out of bounds',
      'version: 1\nitems:\n  pin-actions: 11\n  sign-releases: -1\n  audit-in-ci: 1.5\n',
      [
        [3, 'items.pin-actions: A weight is 10 at most.'],
        [4, 'items.sign-releases: A weight is 0 at least: 0 leaves it out of the score.'],
        [5, 'items.audit-in-ci: A weight is a whole number.'],
      ],
    ],
    [
      'a check that is none',
      'version: 1\nchecks:\n  acitons-pinned: { weight: 1 }\n',
      [[3, 'checks: there is no check “acitons-pinned”.']],
    ],
    [
      'a pattern that is none',
      "version: 1\nactions:\n  - pattern: 'acme'\n    demand: sha\n",
      [[3, 'actions[1].pattern: Write *, owner/*, owner/repo or owner/repo/path.']],
    ],
    [
      'a demand that is none',
      "version: 1\nactions:\n  - { pattern: '*', demand: branch }\n",
      [[3, 'actions[1].demand: Write sha, tag or any.']],
    ],
    [
      'a host with a scheme',
      'version: 1\nregistries:\n  npm:\n    - https://x.example\n',
      [[4, expect.stringContaining('no https://')]],
    ],
    [
      'a glob for a folder',
      'version: 1\nleft-out:\n  - examples\n  - docs/*\n',
      [[4, expect.stringContaining('No * is understood here.')]],
    ],
    [
      'a group of nobody',
      'version: 1\ngroups:\n  - name: A\n    match: {}\n',
      [[4, 'groups[1].match: Say which: topics, teams, properties or visibility.']],
    ],
    [
      'a property without a value, of a name that none has, and with a number that YAML would change',
      'version: 1\ngroups:\n  - name: A\n    match:\n      properties:\n        tier: []\n        a b: x\n        level: 1.10\n',
      [
        [6, 'groups[1].match.properties.tier: Name one value at least.'],
        [7, 'groups[1].match.properties.a b: Write the name of a custom property as GitHub shows it.'],
        [
          8,
          expect.stringMatching(
            /^groups\[1\]\.match\.properties\.level.*: Write a value, in quotes if it is a number with a point\.$/,
          ),
        ],
      ],
    ],
    [
      'a group of no property',
      'version: 1\ngroups:\n  - name: A\n    match: { properties: {} }\n',
      [[4, 'groups[1].match.properties: Name one property at least.']],
    ],
    [
      'a check of a group that is none',
      'version: 1\ngroups:\n  - name: A\n    match: { topics: [x] }\n    checks:\n      nope: { weight: 1 }\n',
      [[6, 'groups[1].checks: there is no check “nope”.']],
    ],
    ['a list', '- 1\n', [[1, expect.stringMatching(/^The policy: /)]]],
  ])('%s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  test('a text that means harm is bounded', () => {
    const bomb = `version: 1\na: &a [x, x]\n${Array.from({ length: 60 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`}, *${at === 0 ? 'a' : `b${at - 1}`}]`).join('\n')}\n`
    expect(problemsOf(bomb)).toEqual([[1, 'Its aliases refer to each other too often.']])
    expect(problemsOf(`version: 1 # ${'x'.repeat(70_000)}`)).toEqual([[1, 'A policy has 64 KB at most.']])
    expect(problemsOf('version: 1\n__proto__: { weight: 1 }\n')).not.toEqual([])
  })
})

test('a kept policy is still read when one of its checks is no more', () => {
  const text = 'version: 1\nchecks: { gone-since: { weight: 0 } }\n'
  expect(readSavedPolicy(text).checks).toEqual({ 'gone-since': { weight: 0 } })
})
