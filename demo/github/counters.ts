/**
 * What clients asked, as tests read it. `rest` and `points` are what GitHub would have charged: a 304 and `/rate_limit`
 * cost nothing. `byRoute` counts every request: `GET /orgs/{org}/repos`, `POST /graphql`, `graphql OPERATION`, `git …`.
 */
export type Counters = {
  rest: number
  points: number
  graphql: number
  git: number
  notModified: number
  byRoute: Record<string, number>
  reset(): void
}

export function startCounters(): Counters {
  const zero = () => ({ rest: 0, points: 0, graphql: 0, git: 0, notModified: 0, byRoute: {} })
  return {
    ...zero(),
    reset() {
      Object.assign(this, zero())
    },
  }
}

/** Adds one to a route. */
export function countRoute(counters: Counters, route: string): void {
  counters.byRoute[route] = (counters.byRoute[route] ?? 0) + 1
}
