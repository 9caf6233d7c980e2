/** Requests and points an hour for one token; null switches limits off, as a GHES does by default. */
export type HourlyLimits = { rest: number; points: number } | null
export type Resource = 'core' | 'graphql'
export type Bucket = { limit: number; used: number; remaining: number; reset: number }

const HOUR = 3600

/** The primary limits: one bucket per token and resource, full again an hour after its first request. */
export class Limits {
  readonly #limits: HourlyLimits
  readonly #now: () => Date
  readonly #buckets = new Map<string, { used: number; reset: number }>()

  constructor(limits: HourlyLimits, now: () => Date) {
    this.#limits = limits
    this.#now = now
  }

  /** The state of a bucket; null where limits are off. `reset` in seconds since 1970. */
  look(token: string, resource: Resource): Bucket | null {
    if (this.#limits === null) return null
    const limit = resource === 'core' ? this.#limits.rest : this.#limits.points
    const { used, reset } = this.#bucket(token, resource)
    return { limit, used, remaining: Math.max(0, limit - used), reset }
  }

  /** Takes `cost` from a bucket; false where it was empty already, and then nothing is taken. */
  take(token: string, resource: Resource, cost: number): boolean {
    const before = this.look(token, resource)
    if (before === null) return true
    if (before.remaining === 0) return false
    this.#bucket(token, resource).used = Math.min(before.limit, before.used + cost)
    return true
  }

  /** Gives back what a request turned out not to cost. */
  giveBack(token: string, resource: Resource, cost: number): void {
    const bucket = this.#bucket(token, resource)
    bucket.used = Math.max(0, bucket.used - cost)
  }

  /** Empties a bucket until `seconds` from now. */
  exhaust(token: string, resource: Resource, seconds: number): void {
    const bucket = this.#bucket(token, resource)
    bucket.used = Number.MAX_SAFE_INTEGER
    bucket.reset = this.#seconds() + seconds
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000)
  }

  #bucket(token: string, resource: Resource): { used: number; reset: number } {
    const key = `${resource} ${token}`
    const known = this.#buckets.get(key)
    if (known !== undefined && known.reset > this.#seconds()) return known
    const fresh = { used: 0, reset: this.#seconds() + HOUR }
    this.#buckets.set(key, fresh)
    return fresh
  }
}

/** The headers that GitHub sends with every answer that is subject to a limit. */
export function limitHeaders(bucket: Bucket | null, resource: Resource): Record<string, string> {
  if (bucket === null) return {}
  return {
    'x-ratelimit-limit': String(bucket.limit),
    'x-ratelimit-remaining': String(bucket.remaining),
    'x-ratelimit-used': String(Math.min(bucket.used, bucket.limit)),
    'x-ratelimit-reset': String(bucket.reset),
    'x-ratelimit-resource': resource,
  }
}
