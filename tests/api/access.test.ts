import { expect, test } from 'vitest'
import { CAPABILITIES, type Capability, costOf, wayTo } from '#lib/api/access.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { CAPABILITY_NAMES } from '#lib/github/capabilities.ts'

function capability(name: string): Capability {
  const found = CAPABILITIES.find(one => one.name === name)
  if (found === undefined) throw new Error(`There is no capability ${name}.`)
  return found
}

const lost = (name: string) => {
  const { unknown, less } = costOf(capability(name), CHECKS)
  return [unknown.map(({ id }) => id), less.map(({ id }) => id)]
}

test('what is asked of GitHub and what the page tells are the same capabilities', () => {
  expect(CAPABILITIES.map(({ name }) => name).sort()).toEqual([...CAPABILITY_NAMES].sort())
})

test('whatever a check hangs on comes by some capability, so that no cost stays untold', () => {
  const facts = CAPABILITIES.flatMap(({ feeds }) => feeds.facts ?? [])
  const parts = CAPABILITIES.flatMap(({ feeds }) => feeds.parts ?? [])
  const untold = CHECKS.filter(
    check =>
      !check.reads.every(part => parts.includes(part)) ||
      !Object.keys(check.facts ?? {}).every(fact => facts.some(one => one === fact)),
  )
  expect(untold.map(({ id }) => id)).toEqual([])
})

test.each([
  ['Security settings', ['alerts-enabled', 'secret-scanning-enabled'], ['dependencies-audited', 'updates-automated']],
  ['Branch protection', ['default-branch-protected'], []],
  ['Actions policy of repositories', ['actions-policy-pins'], []],
  ['Environments', [], ['deployments-gated']],
  ['Attestations', ['releases-signed'], []],
  ['Teams', [], []],
])('%s costs what the checks say that they need', (name, unknown, less) => {
  expect(lost(name).map(ids => ids?.toSorted())).toEqual([unknown, less])
})

test('without repositories or contents nothing is known', () => {
  expect(lost('Repositories')[0]).toHaveLength(CHECKS.length)
  const withoutContents = new Set(lost('Contents')[0])
  const left = CHECKS.filter(({ id }) => !withoutContents.has(id))
  expect(left.every(({ reads }) => reads.every(part => part === 'settings'))).toBe(true)
})

test('the way to a right is that of the kind of token, at the server where it was made', () => {
  const org = { login: 'acme', webUrl: 'https://git.acme.example' }
  const environments = capability('Environments')
  expect(wayTo(environments, { kind: 'app', scopes: null }, org)).toEqual({
    open: 'The app’s settings, Permissions & events',
    href: 'https://git.acme.example/organizations/acme/settings/apps',
    choose: 'Repository permissions, Actions: Read-only. An owner of acme then accepts it at the installation.',
  })
  expect(wayTo(environments, { kind: 'fine-grained', scopes: null }, org)?.choose).toMatch(
    /^Repository permissions, Actions: Read/,
  )
  expect(wayTo(capability('Teams'), { kind: 'fine-grained', scopes: null }, org)?.choose).toMatch(
    /^Organization permissions, Members/,
  )
  expect(wayTo(capability('Teams'), { kind: 'classic', scopes: ['repo'] }, org)).toMatchObject({
    href: 'https://git.acme.example/settings/tokens',
    choose: 'the scope read:org; the token’s person must be allowed it in acme too.',
  })
  // A scope that is there already is not asked for again.
  expect(wayTo(environments, { kind: 'classic', scopes: ['repo'] }, org)?.choose).toContain(
    'its person has not the right',
  )
  expect(wayTo(capability('Newer fields of the API'), { kind: 'app', scopes: null }, org)).toBeNull()
})
