import { expect, test } from 'vitest'
import { ownPath } from '#lib/http/own-path.ts'

test.each(['/', '/repositories?q=a%20b&grade=F', '/repositories/api', '/checks/actions-pinned'])(
  'back to %s is allowed',
  path => expect(ownPath(path)).toBe(path),
)

test.each([
  null,
  '',
  'repositories',
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '/\t/evil.example/',
  '\\\\evil.example',
  'javascript:alert(1)',
  '/..//evil.example',
])('back to %j leads to the first page', wish => expect(ownPath(wish)).toBe('/'))
