import { expect, test } from 'vitest'
import { settingsOf } from './settings-of.ts'
import { places, verdictOf } from './verdict-of.ts'

const workflow = (...uses: string[]) =>
  `on: push\njobs:\n  a:\n    steps:\n${uses.map(one => `      - uses: ${one}\n`).join('')}`
const CI = '.github/workflows/ci.yml'
const off = { settings: settingsOf({ shaPinningRequired: false }) }

test('the first action that is called shows the need, pinned or not', () => {
  const files = { [CI]: workflow('./local', `actions/checkout@${'a'.repeat(40)} # v4`, 'actions/cache@v4') }
  const result = verdictOf('actions-policy-pins', files, off)
  expect(result).toMatchObject({ outcome: 'fail', examined: 1 })
  expect(places(result)).toEqual([`${CI}:6`])
  expect(result.findings[0]?.message).toMatch(/2 actions/)
})

test('where no action is called the policy decides nothing', () => {
  expect(verdictOf('actions-policy-pins', { [CI]: workflow('./local') }, off).outcome).toBe('not-applicable')
  expect(verdictOf('actions-policy-pins', { 'go.mod': 'module a\n' }, off).outcome).toBe('not-applicable')
})

test('required passes; unseen is unknown with the reason; a folder has no settings', () => {
  const files = { [CI]: workflow('actions/cache@v4') }
  expect(verdictOf('actions-policy-pins', files, { settings: settingsOf() }).outcome).toBe('pass')
  const unseen = settingsOf({
    shaPinningRequired: null,
    reasons: { shaPinningRequired: 'This GitHub does not know the rule.' },
  })
  expect(verdictOf('actions-policy-pins', files, { settings: unseen })).toMatchObject({
    outcome: 'unknown',
    reason: 'This GitHub does not know the rule.',
  })
  expect(verdictOf('actions-policy-pins', files).outcome).toBe('not-applicable')
})
