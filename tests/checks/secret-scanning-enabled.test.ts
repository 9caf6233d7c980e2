import { expect, test } from 'vitest'
import { settingsOf } from './settings-of.ts'
import { places, verdictOf } from './verdict-of.ts'

const off = { settings: settingsOf({ secretScanning: false }) }
const workflow = (value: string) =>
  `on: push\njobs:\n  a:\n    steps:\n      - run: ./deploy\n        env:\n          KEY: ${value}\n`

test('the line that uses a secret shows the need', () => {
  const files = {
    '.github/workflows/a.yml': workflow(`\${{ secrets.GITHUB_TOKEN }}`),
    '.github/workflows/b.yml': workflow(`\${{ secrets.DEPLOY_KEY }}`),
    'go.mod': 'module a\n',
  }
  const result = verdictOf('secret-scanning-enabled', files, off)
  expect(places(result)).toEqual(['.github/workflows/b.yml:7'])
  expect(result.findings[0]?.message).toMatch(/works with secrets/)
})

test.each(['secrets["DEPLOY_KEY"]', 'secrets.GITHUB_TOKEN_OF_OTHERS'])('%s is a secret', value => {
  const files = { '.github/workflows/a.yml': workflow(`\${{ ${value} }}`), 'go.mod': 'module a\n' }
  expect(places(verdictOf('secret-scanning-enabled', files, off))).toEqual(['.github/workflows/a.yml:7'])
})

test('without one the nearest file does, and without a file nothing is judged', () => {
  const files = { '.github/workflows/a.yml': workflow('plain'), 'go.mod': 'module a\n' }
  expect(places(verdictOf('secret-scanning-enabled', files, off))).toEqual(['go.mod:1'])
  expect(verdictOf('secret-scanning-enabled', {}, off).outcome).toBe('not-applicable')
})

test('on passes; unseen is unknown with the reason; a folder has no settings', () => {
  const files = { 'go.mod': 'module a\n' }
  expect(verdictOf('secret-scanning-enabled', files, { settings: settingsOf() }).outcome).toBe('pass')
  const unseen = settingsOf({
    secretScanning: null,
    reasons: { secretScanning: 'GitHub shows it to administrators only.' },
  })
  expect(verdictOf('secret-scanning-enabled', files, { settings: unseen })).toMatchObject({
    outcome: 'unknown',
    reason: 'GitHub shows it to administrators only.',
  })
  expect(verdictOf('secret-scanning-enabled', files).outcome).toBe('not-applicable')
})
