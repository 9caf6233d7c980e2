/** How often somebody may ask: a bucket each, in this process, that fills again over a minute. */
import { AppError } from '../errors.ts'

type Bucket = { left: number; at: number }

/** So many askers are remembered; beyond that those that asked longest ago are forgotten, who then start anew. */
const REMEMBERED = 10_000
const MINUTE_MS = 60_000

export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Takes one where there is one left, and tells whether there was. `now` in milliseconds. */
  takes(asker: string, now: number): boolean {
    const known = this.#buckets.get(asker) ?? { left: this.#perMinute, at: now }
    const filled = known.left + ((now - known.at) / MINUTE_MS) * this.#perMinute
    const left = Math.min(this.#perMinute, filled)
    this.#buckets.delete(asker)
    if (this.#buckets.size >= REMEMBERED) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    this.#buckets.set(asker, { left: left >= 1 ? left - 1 : left, at: now })
    return left >= 1
  }

  /** As `takes`; throws AppError `rate-limited` where nothing is left. */
  take(asker: string, now: number): void {
    if (this.takes(asker, now)) return
    throw new AppError(
      'rate-limited',
      `More than ${this.#perMinute} requests in a minute.`,
      'Wait a minute, then go on.',
    )
  }
}
