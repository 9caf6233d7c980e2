import { expect, test } from 'vitest'
import { settingsOf } from './settings-of.ts'
import { places, verdictOf } from './verdict-of.ts'

const FILES = {
  '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n',
  'api/go.mod': '\nmodule a\n\nrequire example.com/b v1.0.0\n',
  'web/ui/package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
}
const off = { settings: settingsOf({ vulnerabilityAlerts: false }) }

test('alerts that are off are found at the manifest nearest to the root', () => {
  const result = verdictOf('alerts-enabled', FILES, off)
  expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
  expect(places(result)).toEqual(['api/go.mod:2'])
  expect(result.findings[0]?.message).toMatch(/\(github-actions, gomod, npm\).*repos\/acme\/app\/vulnerability-alerts/)
})

test('a workflow alone needs them too, and what no advisory tells of does not', () => {
  const { '.github/workflows/ci.yml': workflow } = FILES
  expect(places(verdictOf('alerts-enabled', { '.github/workflows/ci.yml': workflow }, off))).toEqual([
    '.github/workflows/ci.yml:1',
  ])
  expect(verdictOf('alerts-enabled', { Dockerfile: 'FROM scratch\n', 'main.tf': '' }, off).outcome).toBe(
    'not-applicable',
  )
})

test('on passes; unseen is unknown with the reason; a folder has no settings', () => {
  expect(verdictOf('alerts-enabled', FILES, { settings: settingsOf() }).outcome).toBe('pass')
  const unseen = settingsOf({
    vulnerabilityAlerts: null,
    reasons: { vulnerabilityAlerts: 'It needs administration: read.' },
  })
  expect(verdictOf('alerts-enabled', FILES, { settings: unseen })).toMatchObject({
    outcome: 'unknown',
    value: null,
    reason: 'It needs administration: read.',
  })
  expect(verdictOf('alerts-enabled', FILES).outcome).toBe('not-applicable')
})

test('where not all files were listed nobody can say that nothing needs them', () => {
  const unread = [{ part: 'tree', path: 'big', reason: 'It is too large.' }] as const
  expect(verdictOf('alerts-enabled', {}, { ...off, unread })).toMatchObject({
    outcome: 'unknown',
    reason: 'big: It is too large.',
  })
  expect(verdictOf('alerts-enabled', FILES, { ...off, unread }).outcome).toBe('fail')
  expect(verdictOf('alerts-enabled', FILES, { unread }).outcome).toBe('not-applicable')
})
