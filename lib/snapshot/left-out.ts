/** Test data and vendored code: paths that no verdict is about. The rule is data, so that a policy can bring its own. */

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
