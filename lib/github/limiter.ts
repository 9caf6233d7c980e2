/**
 * When the next request may go: GraphQL one by one, REST six at a time, of one endpoint not more than GitHub allows in a
 * minute, nobody while GitHub has said to wait.
 */
import { keptInLane, turnOfLane } from './lane.ts'
import { type Answer, secondsToReset } from './signal.ts'
import { SlidingWindow } from './window.ts'

export type Resource = 'core' | 'graphql'
/** One limit as the host last told it. */
export type Budget = { limit: number; remaining: number; resetAt: string }
export type Clock = { now(): number; sleep(milliseconds: number): Promise<void> }
/** Told before every wait that a person would notice. */
export type Wait = { resource: Resource | 'all'; milliseconds: number; reason: string }

/** What a worker asks of the budget that it shares with others, and what it learnt since it last asked. */
export type Ask = {
  resource: Resource
  wanted: number
  /** The fraction of the limit that stays untouched. */
  kept: number
  /** `resetIn` in milliseconds, by the host's clock. */
  told: { limit: number; remaining: number; resetIn: number } | null
}
/** `granted` 0: ask again after `wait` milliseconds. `workers`: how many share the account now. */
export type Grant = { granted: number; wait: number; reason: string; workers: number }

/** A budget that several processes share. One that is alone needs none. */
export type Keeper = {
  ask(ask: Ask): Promise<Grant>
  /** A GraphQL query ended: the next one, of whichever worker, may go. */
  release(): Promise<void>
  pause(resource: Resource | 'all', milliseconds: number): Promise<void>
}

/** Requests granted and not used yet; `asking`: the wait that the question under way comes to. */
type Pool = { granted: number; asking: Promise<number> | null }

/** Requests are taken from the shared budget by the handful, so that not each of them asks the database. */
const HANDFUL: Record<Resource, number> = { core: 25, graphql: 1 }
/** Of what is kept for people less is taken: each worker takes some, and a look needs no more. */
const HANDFUL_KEPT = 5
const IN_FLIGHT: Record<Resource, number> = { core: 6, graphql: 1 }
/** Nine tenths of what GitHub allows of one endpoint in a minute: 900 by REST, 2,000 by GraphQL. */
const A_MINUTE: Record<Resource, number> = { core: 810, graphql: 1_800 }

export class Limiter {
  readonly #clock: Clock
  readonly #onWait: (wait: Wait) => void
  readonly #busy: Record<Resource, number> = { core: 0, graphql: 0 }
  readonly #queues: Record<Resource, { turn: number; go: () => void }[]> = { core: [], graphql: [] }
  readonly #keeper: Keeper | null
  readonly #pools = new Map<string, Pool>()
  readonly #told: Record<Resource, Ask['told']> = { core: null, graphql: null }
  readonly #windows = new Map<string, SlidingWindow>()
  #workers = 1
  /** Milliseconds of the local clock; the waits that lead to them are computed from the host's. */
  readonly #until: Record<Resource | 'all', number> = { core: 0, graphql: 0, all: 0 }
  readonly #budget: Partial<Record<Resource, Budget>> = {}

  constructor(clock: Clock, onWait: (wait: Wait) => void, keeper: Keeper | null = null) {
    this.#keeper = keeper
    this.#clock = clock
    this.#onWait = onWait
  }

  get budget(): Partial<Record<Resource, Budget>> {
    return { ...this.#budget }
  }

  /**
   * Runs `request` when it may go; `endpoint` is what the host counts together within a minute. Who waits for a new hour or
   * minute holds no place meanwhile: others may need less of it.
   */
  async run<T>(resource: Resource, endpoint: string, request: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#enter(resource)
      let wait: number | null = null
      try {
        await this.#waitUntilAllowed(resource)
        wait = this.#waitOf(resource, endpoint)
        if (wait === 0) wait = await this.#take(resource)
        if (wait === 0) return await request()
      } finally {
        if (resource === 'graphql' && wait === 0) await this.#keeper?.release()
        this.#leave(resource)
      }
      await this.#clock.sleep(wait)
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
    const left = secondsToReset(headers)
    this.#told[resource] = { limit: Number(limit), remaining: Number(remaining), resetIn: (left ?? 0) * 1000 }
    const seconds = Number(remaining) === 0 ? left : null
    if (seconds !== null) this.pause(resource, (seconds + 1) * 1000)
  }

  /** Nothing of this resource goes out for so long. */
  pause(resource: Resource | 'all', milliseconds: number): void {
    this.#until[resource] = Math.max(this.#until[resource], this.#clock.now() + milliseconds)
    void this.#keeper?.pause(resource, milliseconds)
  }

  /** How long until the endpoint may be asked once more, in milliseconds. Where the host tells of no limits it has none. */
  #waitOf(resource: Resource, endpoint: string): number {
    const window = this.#windows.get(endpoint) ?? new SlidingWindow(this.#clock)
    this.#windows.set(endpoint, window)
    const most = Math.max(1, Math.floor(A_MINUTE[resource] / this.#workers))
    return this.#budget[resource] === undefined ? 0 : window.take(most)
  }

  /** Takes one request from the shared budget; how long to wait, in milliseconds, where there is none to take. */
  async #take(resource: Resource): Promise<number> {
    if (this.#keeper === null) return 0
    // What was granted to urgent work is not for slow work: each has its own.
    const kept = keptInLane()
    const key = `${resource} ${kept}`
    const pool = this.#pools.get(key) ?? { granted: 0, asking: null }
    this.#pools.set(key, pool)
    while (pool.granted === 0) {
      // Those that run out together are answered together.
      pool.asking ??= this.#ask(this.#keeper, resource, kept, pool).finally(() => {
        pool.asking = null
      })
      const wait = await pool.asking
      if (wait > 0) return wait
    }
    pool.granted -= 1
    return 0
  }

  async #ask(keeper: Keeper, resource: Resource, kept: number, pool: Pool): Promise<number> {
    const told = this.#told[resource]
    this.#told[resource] = null
    const wanted = kept === 0 ? Math.min(HANDFUL_KEPT, HANDFUL[resource]) : HANDFUL[resource]
    const { granted, wait, reason, workers } = await keeper.ask({ resource, wanted, kept, told })
    this.#workers = workers
    pool.granted += granted
    if (wait >= 1_000) this.#onWait({ resource, milliseconds: wait, reason })
    return wait
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
    if (this.#busy[resource] < this.#most(resource)) {
      this.#busy[resource] += 1
      return
    }
    // Whoever leaves hands its place over, so the count stays as it is.
    const turn = turnOfLane()
    await new Promise<void>(go => {
      const queue = this.#queues[resource]
      const behind = queue.findIndex(waiting => waiting.turn > turn)
      queue.splice(behind < 0 ? queue.length : behind, 0, { turn, go })
    })
  }

  /** Requests under way at a time: the workers of one account share them. */
  #most(resource: Resource): number {
    return Math.max(1, Math.floor(IN_FLIGHT[resource] / this.#workers))
  }

  #leave(resource: Resource): void {
    const next = this.#busy[resource] > this.#most(resource) ? undefined : this.#queues[resource].shift()
    if (next === undefined) this.#busy[resource] -= 1
    else next.go()
  }
}
