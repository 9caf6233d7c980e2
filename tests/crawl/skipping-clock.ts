import type { Clock } from '#lib/github/limiter.ts'

/** A clock that jumps to the end of every wait; those who begin to wait at one time wait together. */
export function skippingClock(): Clock {
  let milliseconds = 0
  return {
    now: () => milliseconds,
    sleep(wait) {
      const until = milliseconds + wait
      return new Promise(resolve =>
        setImmediate(() => {
          milliseconds = Math.max(milliseconds, until)
          resolve()
        }),
      )
    },
  }
}
