import { describe, expect, test } from 'vitest'
import { applyEdits } from '#lib/patch/apply.ts'
import { verdictOf } from '../checks/verdict-of.ts'

const CODE = { 'go.mod': 'module a\n\nrequire example.com/b v1.0.0\n' }

/** The text that the fix of the one finding makes; undefined where there is no fix. */
function mended(check: string, path: string, text: string): string | undefined {
  const files = { ...CODE, [path]: text }
  const [finding, ...more] = verdictOf(check, files).findings
  expect(more).toEqual([])
  if (!finding?.patch) return undefined
  const after = Object.fromEntries(
    applyEdits(new Map(Object.entries(files).map(([name, one]) => [name, { text: one }])), finding.patch.edits),
  )
  expect(verdictOf(check, { ...files, ...after }).outcome).toBe('pass')
  return after[path]
}

describe('groups', () => {
  test.each([
    ['{ "extends": ["config:recommended"] }', '{ "extends": ["config:recommended", "group:allNonMajor"] }'],
    [
      '{\n  "extends": [\n    "config:recommended", // ours\n  ],\n}\n',
      '{\n  "extends": [\n    "config:recommended",\n    "group:allNonMajor", // ours\n  ],\n}\n',
    ],
    ['{ "extends": [] }', '{ "extends": ["group:allNonMajor"] }'],
    ['{\r\n\t"labels": ["a"]\r\n}\r\n', '{\r\n\t"labels": ["a"],\r\n\t"extends": ["group:allNonMajor"]\r\n}\r\n'],
  ])('%j', (before, after) => {
    expect(mended('updates-grouped', 'renovate.json', before)).toBe(after)
  })

  test('no fix where a rule takes the groups away again, or the file is JSON5 in more than comments', () => {
    const rule = '{ "packageRules": [{ "matchPackageNames": ["*"], "groupName": null }] }'
    expect(mended('updates-grouped', 'renovate.json', rule)).toBeUndefined()
    expect(mended('updates-grouped', 'renovate.json5', "{ extends: ['config:recommended'] }")).toBeUndefined()
  })
})

test('the fix finds its way in package.json', () => {
  const text = '{\n  "name": "a",\n  "renovate": {\n    "extends": ["config:recommended"]\n  }\n}\n'
  expect(mended('updates-cooled-down', 'package.json', text)).toBe(
    '{\n  "name": "a",\n  "renovate": {\n    "extends": ["config:recommended"],\n    "minimumReleaseAge": "7 days"\n  }\n}\n',
  )
})

describe('waiting', () => {
  test.each([
    [
      '{\n  "minimumReleaseAge": "2 hours",\n  "labels": []\n}\n',
      '{\n  "minimumReleaseAge": "7 days",\n  "labels": []\n}\n',
    ],
    ['{ "labels": [] }', '{ "labels": [], "minimumReleaseAge": "7 days" }'],
  ])('%j', (before, after) => {
    expect(mended('updates-cooled-down', 'renovate.json', before)).toBe(after)
  })
})

describe('every week', () => {
  test.each([
    ['{ "extends": ["schedule:monthly", ":a"] }', '{ "extends": ["schedule:weekly", ":a"] }'],
    ['{ "schedule": ["* * 1 * *"] }', '{ "schedule": ["before 6am on monday"] }'],
  ])('%j', (before, after) => {
    expect(mended('updates-weekly', 'renovate.json', before)).toBe(after)
  })

  test('no fix where a manager has a schedule of its own', () => {
    const text = '{ "gomod": { "schedule": ["* * 1 * *"] } }'
    expect(mended('updates-weekly', 'renovate.json', text)).toBeUndefined()
  })
})

test('both fixes of one file make one', () => {
  const text = '{\n  "labels": ["a"]\n}\n'
  const files = { ...CODE, 'renovate.json': text }
  const edits = ['updates-grouped', 'updates-cooled-down'].flatMap(
    check => verdictOf(check, files).findings[0]?.patch?.edits ?? [],
  )
  const after = applyEdits(new Map([['renovate.json', { text }]]), edits).get('renovate.json') ?? ''
  expect(JSON.parse(after)).toEqual({ labels: ['a'], extends: ['group:allNonMajor'], minimumReleaseAge: '7 days' })
})
