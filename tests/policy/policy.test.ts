import { expect, test } from 'vitest'
import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import { registriesKnownBy } from '#lib/policy/registries.ts'

test('the hash is of the demands, not of the order in which they are written', () => {
  const { itemWeights, checkWeights, actionTrust, trustedRegistries, leftOut } = defaultPolicy
  const turned = { longestWaiverDays: 1, leftOut, trustedRegistries, actionTrust, checkWeights, itemWeights }
  expect(policyHash(turned)).toBe(policyHash(defaultPolicy))
  expect(policyHash(defaultPolicy)).toMatch(/^[0-9a-f]{16}$/)
})

test('the hash changes with each demand', () => {
  const changed = [
    { ...defaultPolicy, itemWeights: { 'pin-actions': 2 } },
    { ...defaultPolicy, actionTrust: [{ pattern: '*', demand: 'tag' as const }] },
    { ...defaultPolicy, trustedRegistries: {} },
    { ...defaultPolicy, checkWeights: { 'actions-pinned': 2 } },
    { ...defaultPolicy, leftOut: { ...defaultPolicy.leftOut, segments: [] } },
  ]
  expect(new Set([defaultPolicy, ...changed].map(policyHash)).size).toBe(6)
})

test('of every registry that is trusted by default it is known which library says so', () => {
  const named = Object.keys(defaultPolicy.trustedRegistries)
  expect(named).toContain('npm')
  expect(named.filter(ecosystem => registriesKnownBy(ecosystem) === null)).toEqual([])
  expect(registriesKnownBy('helm')).toBeNull()
})
