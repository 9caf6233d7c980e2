/** Test data and vendored code: paths that no verdict is about. The rule is data, so that a policy can bring its own. */

import type { Snapshot } from './snapshot.ts'

/** `segments`: folder names, or runs of them; `except`: ends of paths that are kept all the same. */
export type LeftOutRule = { segments: readonly string[]; except: readonly string[] }

/** What is left out where a policy says nothing else. */
export const LEFT_OUT: LeftOutRule = {
  segments: [
    'node_modules',
    'vendor',
    '_vendor',
    'third_party',
    'testdata',
    'test-data',
    'test_data',
    'test-fixtures',
    '__fixtures__',
    'fixtures',
    'Fixtures',
    'testData',
    'TestData',
    'src/test/resources',
    'src/integration-test/resources',
    '__snapshots__',
    '.yarn/cache',
  ],
  except: ['vendor/modules.txt'],
}

/** True where the rule leaves the path out. Compared by whole segments, case-sensitively. */
export function isLeftOut(path: string, rule: LeftOutRule = LEFT_OUT): boolean {
  const slashed = `/${path}`
  if (rule.except.some(kept => slashed.endsWith(`/${kept}`))) return false
  return rule.segments.some(segment => slashed.includes(`/${segment}/`))
}

/**
 * The snapshot without what the rule leaves out beyond the defaults, which were left out when it was taken; the same one
 * where the rule is no wider. What is left out is counted by its folder.
 */
export function withoutLeftOut(snapshot: Snapshot, rule: LeftOutRule): Snapshot {
  const more = rule.segments.filter(segment => !LEFT_OUT.segments.includes(segment))
  if (more.length === 0) return snapshot
  const counts = new Map<string, number>()
  const tree = snapshot.tree.filter(({ path }) => {
    const folder = more.find(segment => isLeftOut(path, { segments: [segment], except: rule.except }))
    if (folder !== undefined) counts.set(folder, (counts.get(folder) ?? 0) + 1)
    return folder === undefined
  })
  if (counts.size === 0) return snapshot
  const isKept = (path: string) => !isLeftOut(path, { segments: more, except: rule.except })
  const leftOut = [...counts].map(([folder, files]) => ({ files, reason: leftOutReason(folder) }))
  return {
    ...snapshot,
    tree,
    files: new Map([...snapshot.files].filter(([path]) => isKept(path))),
    unread: snapshot.unread.filter(({ path }) => path === null || isKept(path)),
    leftOut: [...snapshot.leftOut, ...leftOut],
  }
}

/** What is said of files that the policy leaves out of those that were taken. */
export function leftOutReason(segment: string): string {
  return `${segment}/, by policy`
}
