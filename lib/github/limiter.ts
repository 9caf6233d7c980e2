/** When the next request may go: GraphQL one by one, REST six at a time, nobody while GitHub has said to wait. */
import { type Answer, secondsToReset } from './signal.ts'

export type Resource = 'core' | 'graphql'
/** One limit as the host last told it. */
export type Budget = { limit: number; remaining: number; resetAt: string }
export type Clock = { now(): number; sleep(milliseconds: number): Promise<void> }
/** Told before every wait that a person would notice. */
export type Wait = { resource: Resource | 'all'; milliseconds: number; reason: string }

const IN_FLIGHT: Record<Resource, number> = { core: 6, graphql: 1 }

export class Limiter {
  readonly #clock: Clock
  readonly #onWait: (wait: Wait) => void
  readonly #busy: Record<Resource, number> = { core: 0, graphql: 0 }
  readonly #queues: Record<Resource, (() => void)[]> = { core: [], graphql: [] }
  /** Milliseconds of the local clock; the waits that lead to them are computed from the host's. */
  readonly #until: Record<Resource | 'all', number> = { core: 0, graphql: 0, all: 0 }
  readonly #budget: Partial<Record<Resource, Budget>> = {}

  constructor(clock: Clock, onWait: (wait: Wait) => void) {
    this.#clock = clock
    this.#onWait = onWait
  }

  get budget(): Partial<Record<Resource, Budget>> {
    return { ...this.#budget }
  }

  /** Runs `request` when it may go. */
  async run<T>(resource: Resource, request: () => Promise<T>): Promise<T> {
    await this.#enter(resource)
    try {
      await this.#waitUntilAllowed(resource)
      return await request()
    } finally {
      this.#leave(resource)
    }
  }

  /** Takes in what the headers say of the budget; one that is used up stops further requests until it is full again. */
  learn(headers: Answer['headers']): void {
    const { 'x-ratelimit-resource': resource, 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining } = headers
    if ((resource !== 'core' && resource !== 'graphql') || limit === undefined || remaining === undefined) return
    const reset = Number(headers['x-ratelimit-reset'])
    if (!Number.isFinite(reset)) return
    const resetAt = new Date(reset * 1000).toISOString()
    this.#budget[resource] = { limit: Number(limit), remaining: Number(remaining), resetAt }
    const seconds = Number(remaining) === 0 ? secondsToReset(headers) : null
    if (seconds !== null) this.pause(resource, (seconds + 1) * 1000)
  }

  /** Nothing of this resource goes out for so long. */
  pause(resource: Resource | 'all', milliseconds: number): void {
    this.#until[resource] = Math.max(this.#until[resource], this.#clock.now() + milliseconds)
  }

  async #waitUntilAllowed(resource: Resource): Promise<void> {
    for (;;) {
      const until = Math.max(this.#until[resource], this.#until.all)
      const milliseconds = until - this.#clock.now()
      if (milliseconds <= 0) return
      const reason = this.#until.all >= until ? 'GitHub asked for a pause' : 'the budget of the hour is used up'
      this.#onWait({ resource: this.#until.all >= until ? 'all' : resource, milliseconds, reason })
      await this.#clock.sleep(milliseconds)
    }
  }

  async #enter(resource: Resource): Promise<void> {
    if (this.#busy[resource] < IN_FLIGHT[resource]) {
      this.#busy[resource] += 1
      return
    }
    // Whoever leaves hands its place over, so the count stays as it is.
    await new Promise<void>(resolve => this.#queues[resource].push(resolve))
  }

  #leave(resource: Resource): void {
    const next = this.#queues[resource].shift()
    if (next === undefined) this.#busy[resource] -= 1
    else next()
  }
}
