import { expect, test } from 'vitest'
import type { BranchAct } from '#lib/snapshot/snapshot.ts'
import { settingsOf } from './settings-of.ts'
import { places, verdictOf } from './verdict-of.ts'

const FILES = {
  '.github/CODEOWNERS': '# who looks\n* @acme/a\n',
  '.github/workflows/ci.yml': 'name: ci\non: push\njobs: {}\n',
  'go.mod': 'module a\n',
}
const open = (...acts: BranchAct[]) => ({
  settings: settingsOf({ defaultBranchProtected: false, defaultBranchAllows: acts }),
})

test('what can be done to the branch is named, at the owners whom it passes by', () => {
  const result = verdictOf('default-branch-protected', FILES, open('force-push', 'direct-push'))
  expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
  expect(places(result)).toEqual(['.github/CODEOWNERS:1'])
  expect(result.findings[0]?.message).toMatch(/can rewrite it by a force push, or push to it past a pull request\./)
})

test('a branch that only takes direct pushes is half of it', () => {
  const result = verdictOf('default-branch-protected', FILES, open('direct-push'))
  expect(result).toMatchObject({ outcome: 'fail', value: 0.5 })
})

test('without owners a workflow shows the need, else any file, and without files nothing is judged', () => {
  const { '.github/CODEOWNERS': _, ...without } = FILES
  const placesOf = (files: Record<string, string>) =>
    places(verdictOf('default-branch-protected', files, open('deletion')))
  expect(placesOf(without)).toEqual(['.github/workflows/ci.yml:2'])
  expect(placesOf({ 'a/go.mod': 'module a\n', 'b.sh': 'true\n' })).toEqual(['b.sh:1'])
  expect(verdictOf('default-branch-protected', {}, open('deletion')).outcome).toBe('not-applicable')
})

test('protected passes; unseen is unknown with the reason; a folder has no settings', () => {
  expect(verdictOf('default-branch-protected', FILES, { settings: settingsOf() }).outcome).toBe('pass')
  const unseen = settingsOf({ defaultBranchProtected: null, reasons: { defaultBranchProtected: 'Not shown.' } })
  expect(verdictOf('default-branch-protected', FILES, { settings: unseen })).toMatchObject({
    outcome: 'unknown',
    reason: 'Not shown.',
  })
  expect(verdictOf('default-branch-protected', FILES).outcome).toBe('not-applicable')
})
