/** How often somebody may ask: a bucket each that fills again over a minute. */
import { AppError } from '../errors.ts'

const MINUTE_MS = 60_000
/** So many askers are remembered; beyond that those that asked longest ago are forgotten. */
const REMEMBERED = 10_000

/** An expected refusal that says when to come back. */
export class TooMany extends AppError {
  readonly seconds: number

  constructor(perMinute: number, seconds: number) {
    const wait = `Go on in ${seconds} second${seconds === 1 ? '' : 's'}.`
    super('rate-limited', `More than ${perMinute} requests in a minute.`, wait)
    this.seconds = seconds
  }
}

/** Keeps one entry an asker, the newest last. */
class Askers<T> {
  readonly #known = new Map<string, T>()

  get(asker: string): T | undefined {
    return this.#known.get(asker)
  }

  set(asker: string, value: T): void {
    this.#known.delete(asker)
    const [oldest] = this.#known.keys()
    if (this.#known.size >= REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(asker, value)
  }
}

/** In this process alone, for what costs nothing to be counted twice. */
export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Askers<{ left: number; at: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Takes one where there is one left, and tells whether there was. `now` in milliseconds. */
  takes(asker: string, now: number): boolean {
    const known = this.#buckets.get(asker) ?? { left: this.#perMinute, at: now }
    const filled = known.left + ((now - known.at) / MINUTE_MS) * this.#perMinute
    const left = Math.min(this.#perMinute, filled)
    this.#buckets.set(asker, { left: left >= 1 ? left - 1 : left, at: now })
    return left >= 1
  }
}

/** Where every process takes from the same bucket; as `bucketsIn` of the store gives it. */
type Buckets = { take(key: string, perMinute: number, now: Date): Promise<{ took: boolean; left: number }> }

/** What somebody may still ask, for the headers of an answer: `seconds` until all of it is there again. */
export type Allowance = { name: string; perMinute: number; left: number; seconds: number }

/** One limit over all processes. Who has nothing left is refused here, without a query, until there is one again. */
export class SharedLimit {
  readonly name: string
  readonly perMinute: number
  readonly #refused = new Askers<number>()

  /** `name` in plain letters: it stands in a header. */
  constructor(name: string, perMinute: number) {
    this.name = name
    this.perMinute = perMinute
  }

  /** Takes one. Throws `TooMany` where nothing is left. */
  async take(buckets: Buckets, asker: string, now: Date): Promise<Allowance> {
    const at = now.getTime()
    const until = this.#refused.get(asker) ?? 0
    if (until > at) throw new TooMany(this.perMinute, Math.ceil((until - at) / 1000))
    const { took, left } = await buckets.take(`${this.name} ${asker}`, this.perMinute, now)
    const every = MINUTE_MS / this.perMinute
    if (!took) {
      const wait = Math.ceil((1 - left) * every)
      this.#refused.set(asker, at + wait)
      throw new TooMany(this.perMinute, Math.max(1, Math.ceil(wait / 1000)))
    }
    return {
      name: this.name,
      perMinute: this.perMinute,
      left: Math.floor(left),
      seconds: Math.ceil(((this.perMinute - left) * every) / 1000),
    }
  }
}

/** As draft-ietf-httpapi-ratelimit-headers has it; the limit of which least is left comes first. */
export function limitHeaders(allowances: readonly Allowance[]): Record<string, string> {
  const sorted = allowances.toSorted((a, b) => a.left - b.left)
  return {
    'ratelimit-policy': sorted.map(({ name, perMinute }) => `"${name}";q=${perMinute};w=60`).join(', '),
    ratelimit: sorted.map(({ name, left, seconds }) => `"${name}";r=${left};t=${seconds}`).join(', '),
  }
}
