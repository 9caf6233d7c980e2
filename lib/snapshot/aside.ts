/** Folders whose images and manifests show or test something, and run nowhere in the owner's service. */

const ASIDE =
  /(?:^|\/)(?:\.?(?:[\w-]+-)?tests?|tests?[-_][\w-]+|hack|(?:dev-)?tilt|bench(?:marks?)?|e2e|testing|_?testdata\w*|fakes?|mocks?|\.?(?:[\w-]+-)?samples?|\.?(?:[\w-]+-)?examples?|docs?|documentation|website|_?archived?)\//

export function isAside(path: string): boolean {
  return ASIDE.test(path)
}

/** What is told of them; nothing where there are none. */
export function leftAside(what: 'Images' | 'Manifests', count: number): string[] {
  if (count === 0) return []
  return [`${what} in tests, samples and documentation were left aside: ${count} ${count === 1 ? 'place' : 'places'}.`]
}
