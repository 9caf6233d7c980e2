import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import type { Settings } from '#lib/snapshot/snapshot.ts'
import { job, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const deploy = '- run: npx wrangler deploy'
const gated = { more: '    environment: production\n' }

function settings(protectedEnvironments: string[] | null): Settings {
  return {
    vulnerabilityAlerts: null,
    securityUpdates: null,
    secretScanning: null,
    shaPinningRequired: null,
    defaultBranchProtected: null,
    protectedEnvironments,
  }
}

const judge = (files: FileMap, known: Settings | null = null) =>
  verdictOf('deployments-gated', files, { settings: known })

test('one gated and one open job make exactly one finding', () => {
  const result = judge(workflow(job(deploy, gated), job('- run: npm publish', { id: 'b' })))
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${PATH}:13`])
  expect(result.findings[0]?.message).toContain('The job `b` publishes (`npm publish`) and names no `environment:`')
})

describe('right', () => {
  test.each<[string, string]>([
    ['by name', '    environment: production\n'],
    ['as a mapping', '    environment: { name: production, url: https://a.example }\n'],
    ['by an expression', `    environment: $\{{ inputs.where }}\n`],
  ])('%s', (_, more) => {
    expect(judge(workflow(job(deploy, { more })))).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

test('several steps of a job are one place, named by the first', () => {
  const result = judge(workflow(job(`- run: npm publish\n- run: cargo publish\n${deploy}`)))
  expect(result).toMatchObject({ examined: 1 })
  expect(result.findings[0]?.message).toContain('`npm publish`')
})

test('jobs that neither deploy nor publish need none', () => {
  expect(judge(workflow(job('- run: npm test'))).outcome).toBe('not-applicable')
})

describe('the settings', () => {
  const files = workflow(job(deploy, gated))

  test('an environment without a rule is no gate', () => {
    const result = judge(files, settings([]))
    expect(result).toMatchObject({ outcome: 'fail', value: 0 })
    expect(result.findings[0]?.message).toContain('the environment `production`, which has no protection rule')
    expect(places(result)).toEqual([`${PATH}:6`])
  })

  test('a rule is one, whatever the case of the name', () => {
    expect(judge(files, settings(['Production']))).toMatchObject({ outcome: 'pass', notes: [] })
  })

  test.each([null, settings(null)])('that cannot be seen are told, and the name has to do', known => {
    const result = judge(files, known)
    expect(result.outcome).toBe('pass')
    expect(result.notes).toEqual([
      'Whether `production` has protection rules could not be seen: that needs the settings.',
    ])
  })

  test('an expression cannot be held against them', () => {
    const more = `    environment: $\{{ inputs.where }}\n`
    expect(judge(workflow(job(deploy, { more })), settings([]))).toMatchObject({ outcome: 'pass' })
  })
})
