/** How often something may begin within a minute: a window that slides, as GitHub counts its secondary limits. */
import type { Clock } from './limiter.ts'

const MINUTE_MS = 60_000

export class SlidingWindow {
  readonly #clock: Pick<Clock, 'now'>
  readonly #begun: number[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Takes one of `most` places of the last minute and gives 0; else gives the milliseconds until one is free. */
  take(most: number): number {
    const now = this.#clock.now()
    while (this.#begun[0] !== undefined && this.#begun[0] <= now - MINUTE_MS) this.#begun.shift()
    // Where the share became smaller there are more than that: the place that is to be free is not the oldest.
    const oldest = this.#begun.at(-most)
    if (this.#begun.length >= most && oldest !== undefined) return oldest + MINUTE_MS - now
    this.#begun.push(now)
    return 0
  }
}

/** What GitHub counts together: the path of a request without the names, numbers and ids that stand in it. */
export function endpointOf(method: string, url: string): string {
  const parts = new URL(url).pathname.split('/').filter(part => part !== '' && part !== 'api' && part !== 'v3')
  const [first] = parts
  const named = first === 'repos' ? 3 : first === 'orgs' || first === 'users' ? 2 : 1
  const words = parts.filter((part, index) => index === 0 || (index >= named && /^[a-z][a-z-]{0,30}$/.test(part)))
  return `${method} ${words.join('/')}`
}
