/** Which folders belong to a workspace, as npm, pnpm and Yarn decide it. */
import { expect, test } from 'vitest'
import { isMember } from '#lib/snapshot/workspaces.ts'

test.each([
  [['packages/*'], '', 'packages/a', true],
  [['packages/*'], '', 'packages/a/b', false],
  [['packages/**'], 'web', 'web/packages/a/b', true],
  [['packages/*', '!packages/x'], '', 'packages/x', false],
  [['packages/**'], '', 'packages/a/test/node_modules/fake', false],
])('%j of "%s" takes %s: %s', (globs, root, folder, expected) => {
  expect(isMember(globs, root, folder)).toBe(expected)
})
