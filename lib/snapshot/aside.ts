/** Folders whose images and manifests show or test something, and run nowhere in the owner's service. */

const ASIDE =
  /(?:^|\/)(?:\.?(?:[\w-]+-)?tests?|test-[\w-]+|e2e|testing|testdata\w*|fakes?|mocks?|\.?(?:[\w-]+-)?samples?|\.?(?:[\w-]+-)?examples?|docs?|documentation|website|_?archived?)\//

export function isAside(path: string): boolean {
  return ASIDE.test(path)
}
