import { describe, expect, test } from 'vitest'
import { ACTIONS, type Action, may, ROLES, type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'

function viewer(role: Role, scopes: readonly Action[] | null = null): Viewer {
  const via = scopes === null ? 'session' : 'key'
  return { id: 'x', name: 'X', role, sees: seesOf(role, 'x'), via, scopes, address: null }
}

/** Who may do what, in full: a change of a right has to be made here too. */
const TABLE: Record<Action, readonly Role[]> = {
  read: ['owner', 'security', 'maintainer', 'viewer', 'auditor'],
  export: ['owner', 'security', 'auditor'],
  'fix:take': ['owner', 'security', 'maintainer', 'auditor'],
  'waiver:ask': ['owner', 'security', 'maintainer'],
  'waiver:decide': ['owner', 'security'],
  'policy:change': ['owner', 'security'],
  'crawl:start': ['owner', 'security', 'maintainer'],
  'key:own': ['owner', 'security', 'maintainer', 'viewer', 'auditor'],
  'members:manage': ['owner'],
  'audit:read': ['owner', 'auditor'],
  'settings:change': ['owner'],
}

describe.each(ACTIONS)('%s', action => {
  test.each(ROLES)('as %s', role => {
    expect(may(viewer(role), action)).toBe(TABLE[action].includes(role))
  })
})

test('a key never does more than its scopes, nor more than its person may by now', () => {
  expect(may(viewer('owner', ['read']), 'read')).toBe(true)
  expect(may(viewer('owner', ['read']), 'export')).toBe(false)
  expect(may(viewer('viewer', ['read', 'export']), 'export')).toBe(false)
})

test('a private repository is there for those whom GitHub shows it to, and for who was trusted with all', () => {
  const hidden = { visible: false, own: false }
  for (const role of ROLES)
    expect(may(viewer(role), 'read', hidden)).toBe(['owner', 'security', 'auditor'].includes(role))
})

test('a maintainer asks for waivers and takes fixes of repositories that GitHub lets them write to, and of no other', () => {
  for (const action of ['waiver:ask', 'fix:take'] as const) {
    expect(may(viewer('maintainer'), action, { visible: true, own: true })).toBe(true)
    expect(may(viewer('maintainer'), action, { visible: true, own: false })).toBe(false)
    expect(may(viewer('security'), action, { visible: true, own: false })).toBe(true)
    expect(may(viewer('viewer'), action, { visible: true, own: true })).toBe(false)
  }
  expect(may(viewer('maintainer'), 'read', { visible: true, own: false })).toBe(true)
})
