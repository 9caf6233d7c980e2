import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ITEMS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { type DraftPath, type DraftValue, readDraft, withGroupMoved, withValue } from '#lib/policy/draft.ts'
import { readPolicy } from '#lib/policy/read-policy.ts'
import { starterPolicy } from '#lib/policy/starter.ts'

const IDS = CHECKS.map(({ id }) => id)

const OURS = `# Ours.
version: 1

# Agreed in spring.
checks:
  # After the leak.
  secret-scanning-enabled: { severity: high } # until autumn
  updates-weekly: { weight: 0 }
actions:
  - pattern: 'acme/*' # our own
    demand: tag
`

function saidBy(text: string): unknown {
  const draft = readDraft(text, IDS)
  if ('refused' in draft) throw new Error(draft.refused)
  return draft.value
}

describe('the form changes the text in place', () => {
  test('a value that stands there, and nothing else', () => {
    expect(withValue(OURS, ['checks', 'updates-weekly', 'weight'], 3)).toBe(OURS.replace('weight: 0', 'weight: 3'))
    expect(withValue(OURS, ['actions', 0, 'pattern'], 'other/*')).toBe(OURS.replace('acme/*', 'other/*'))
  })

  test('a new one, with the parts that it needs, after an empty line', () => {
    expect(withValue(OURS, ['items', 'pin-actions'], 2)).toBe(`${OURS}\nitems:\n  pin-actions: 2\n`)
    expect(withValue(OURS, ['actions', 1], { pattern: '', demand: 'sha' })).toBe(
      `${OURS}  - pattern: ""\n    demand: sha\n`,
    )
    expect(withValue('', ['longest-waiver-days'], 30)).toBe('version: 1\n\nlongest-waiver-days: 30\n')
    expect(saidBy(withValue(starterPolicy(), ['left-out'], ['docs/old']))).toEqual({
      version: 1,
      'left-out': ['docs/old'],
    })
  })

  test('what is taken out leaves no empty part behind, and its comments', () => {
    const without = withValue(OURS, ['checks', 'secret-scanning-enabled', 'severity'], undefined)
    expect(saidBy(without)).toMatchObject({ checks: { 'updates-weekly': { weight: 0 } } })
    for (const comment of ['# Ours.', '# Agreed in spring.', '# After the leak.', '# until autumn', '# our own'])
      expect(without).toContain(comment)
    const neither = withValue(without, ['checks', 'updates-weekly', 'weight'], undefined)
    expect(saidBy(neither)).toEqual({ version: 1, actions: [{ pattern: 'acme/*', demand: 'tag' }] })
    const nothing = withValue(neither, ['actions', 0], undefined)
    expect(saidBy(nothing)).toEqual({ version: 1 })
    for (const comment of ['# Ours.', '# Agreed in spring.', '# After the leak.', '# until autumn', '# our own'])
      expect(nothing).toContain(comment)
  })

  test('a group that is of nobody yet stays, and says so at its place', () => {
    const text = withValue('version: 1\n', ['groups', 0], { name: 'Tier 1', match: { topics: ['tier-1'] } })
    const nobody = withValue(text, ['groups', 0, 'match', 'topics'], undefined)
    expect(readDraft(nobody, IDS)).toMatchObject({
      value: { groups: [{ name: 'Tier 1', match: {} }] },
      problems: [{ path: ['groups', 0, 'match'], says: 'Say which: topics, teams, properties or visibility.' }],
    })
  })

  test('what began empty is written as people write it once it is filled', () => {
    let text = withValue('version: 1\n', ['groups', 0], { name: '', match: {} })
    for (const typed of ['T', 'Tier', 'Tier ', 'Tier 1']) text = withValue(text, ['groups', 0, 'name'], typed)
    text = withValue(text, ['groups', 0, 'match', 'topics'], ['tier-1'])
    text = withValue(text, ['groups', 0, 'longest-waiver-days'], 14)
    const group = '  - name: Tier 1\n    match:\n      topics:\n        - tier-1\n    longest-waiver-days: 14\n'
    expect(text).toBe(`version: 1\n\ngroups:\n${group}`)
    const started = withValue('version: 1\n', ['actions', 0], { pattern: '', demand: 'tag' })
    // A star at the beginning would be an alias: it stays in quotes.
    expect(withValue(started, ['actions', 0, 'pattern'], 'acme/*')).toContain('- pattern: acme/*\n')
    expect(saidBy(withValue(started, ['actions', 0, 'pattern'], '*'))).toMatchObject({ actions: [{ pattern: '*' }] })
  })

  test('the last value of a property takes the property out, and its group stays', () => {
    const text = withValue('version: 1\n', ['groups', 0], { name: 'Gold', match: {} })
    const gold = withValue(text, ['groups', 0, 'match', 'properties', 'tier'], ['gold'])
    expect(saidBy(gold)).toMatchObject({ groups: [{ match: { properties: { tier: ['gold'] } } }] })
    expect(saidBy(withValue(gold, ['groups', 0, 'match', 'properties', 'tier'], undefined))).toMatchObject({
      groups: [{ name: 'Gold', match: {} }],
    })
  })

  test('groups change places with their comments', () => {
    const text =
      'version: 1\ngroups:\n  # first\n  - name: A\n    match: { topics: [a] }\n  # second\n  - name: B\n    match: { topics: [b] }\n'
    const moved = withGroupMoved(text, 1, -1)
    expect(saidBy(moved)).toMatchObject({ groups: [{ name: 'B' }, { name: 'A' }] })
    expect(moved).toContain('# first')
    expect(moved).toContain('# second')
    expect(saidBy(withGroupMoved(moved, 0, 1))).toEqual(saidBy(text))
  })
})

test('what is wrong is kept as it was typed, with its place', () => {
  const wrong = withValue(withValue(OURS, ['items', 'pin-actions'], 'eleven'), ['left-out'], ['ok', 'docs/*'])
  expect(readDraft(wrong, IDS)).toMatchObject({
    value: { items: { 'pin-actions': 'eleven' }, 'left-out': ['ok', 'docs/*'] },
    problems: [
      { path: ['items', 'pin-actions'], says: 'A weight is a whole number.' },
      { path: ['left-out', 1], says: expect.stringContaining('No * is understood here.') },
    ],
  })
})

test.each([
  ['no YAML', 'version: 1\nitems: ['],
  ['a word for a list', 'version: 1\nleft-out: docs\n'],
  ['nothing for a list', 'version: 1\nactions:\n'],
  ['a list for names', 'version: 1\nchecks: [updates-weekly]\n'],
  ['groups of another shape', 'version: 1\ngroups:\n  - name: A\n    match: [a]\n'],
  ['an alias', 'version: 1\nleft-out: &a [docs]\ngroups: [{ name: A, match: { topics: [x] }, left-out: *a }]\n'],
])('a text that the form cannot show without losing something is left to the other editor: %s', (_, text) => {
  expect(readDraft(text, IDS)).toHaveProperty('refused')
})

const weight = fc.integer({ min: 0, max: 10 })
const folders = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?$/), { minLength: 1, maxLength: 4 })
const id = fc.constantFrom(...IDS)
const step: fc.Arbitrary<[DraftPath, DraftValue]> = fc.oneof(
  fc.tuple(
    fc.constantFrom(...ITEMS).map(item => ['items', item.id]),
    weight,
  ),
  fc.tuple(
    id.map(one => ['checks', one, 'weight']),
    weight,
  ),
  fc.tuple(
    id.map(one => ['checks', one, 'severity']),
    fc.constantFrom('critical', 'high', 'medium', 'low'),
  ),
  fc.tuple(fc.constant(['left-out']), folders),
  fc.tuple(
    fc.constantFrom('npm', 'cargo', 'conda').map(one => ['registries', one]),
    folders,
  ),
  fc.tuple(fc.constant(['longest-waiver-days']), fc.integer({ min: 1, max: 730 })),
)

test('any run of changes says what it set, keeps every comment, and taken back leaves what was', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(OURS, starterPolicy(), 'version: 1\n'),
      fc.array(step, { maxLength: 12 }),
      (from, steps) => {
        const own = (path: DraftPath) =>
          path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], saidBy(from))
        const fresh = steps.filter(([path]) => own(path) === undefined)
        let text = from
        for (const [path, value] of fresh) text = withValue(text, path, value)
        const wanted = new Map(fresh.map(([path, value]) => [path.join(' '), { path, value }]))
        const says = saidBy(text) as Record<string, unknown>
        for (const { path, value } of wanted.values())
          expect(path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], says)).toEqual(value)
        expect(readPolicy(text, IDS)).toHaveProperty('document')
        for (const { path } of wanted.values()) text = withValue(text, path, undefined)
        expect(saidBy(text)).toEqual(saidBy(from))
        for (const comment of from.match(/#.*/g) ?? []) expect(text).toContain(comment.trimEnd())
      },
    ),
    { seed: 26, numRuns: 150 },
  )
})
