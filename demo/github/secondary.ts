/** The secondary limits of a token: what it may ask within a minute, and at one time. */

/** GET of one REST endpoint and queries by GraphQL in a minute, all requests at one time, seconds of computing in a minute. */
export type SecondaryLimits = { endpoint: number; graphql: number; atOnce: number; seconds: number }
/** As GitHub documents them. */
export const DOCUMENTED: SecondaryLimits = { endpoint: 900, graphql: 2_000, atOnce: 100, seconds: 90 }

const MINUTE_MS = 60_000
type Told = { at: number; weight: number }

export class Secondary {
  readonly #limits: SecondaryLimits | null
  readonly #now: () => Date
  readonly #told = new Map<string, Told[]>()
  readonly #busy = new Map<string, number>()
  /** The most requests that were under way at one time, and how many were refused. */
  readonly seen = { atOnce: 0, refused: 0 }

  constructor(limits: SecondaryLimits | null, now: () => Date) {
    this.#limits = limits
    this.#now = now
  }

  /** A request comes in; call what it returns, with the milliseconds that were computed for it, when it is answered. */
  enter(token: string): (computed: number) => void {
    this.#busy.set(token, (this.#busy.get(token) ?? 0) + 1)
    this.seen.atOnce = Math.max(this.seen.atOnce, this.#busy.get(token) ?? 0)
    return computed => {
      this.#busy.set(token, (this.#busy.get(token) ?? 1) - 1)
      this.#add(`${token} seconds`, computed / 1_000)
    }
  }

  /** Whether a request of this token to this route is one too many; it counts all the same. */
  isExceeded(token: string, api: 'rest' | 'graphql', route: string): boolean {
    if (this.#limits === null) return false
    const asked = this.#add(`${token} ${route}`, 1)
    const most = api === 'rest' ? this.#limits.endpoint : this.#limits.graphql
    const exceeded =
      asked > most ||
      (this.#busy.get(token) ?? 0) > this.#limits.atOnce ||
      this.#add(`${token} seconds`, 0) > this.#limits.seconds
    if (exceeded) this.seen.refused += 1
    return exceeded
  }

  /** The sum of the last minute, this one included. */
  #add(key: string, weight: number): number {
    const now = this.#now().getTime()
    const told = this.#told.get(key) ?? []
    this.#told.set(key, told)
    while (told[0] !== undefined && told[0].at <= now - MINUTE_MS) told.shift()
    if (weight > 0) told.push({ at: now, weight })
    return told.reduce((sum, one) => sum + one.weight, 0)
  }
}
