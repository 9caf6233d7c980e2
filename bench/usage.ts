/** What a process took, as Linux tells it; null elsewhere and for one that has ended. */
import { readFileSync, writeFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/** The most memory that it ever held, or since this process forgot its own, in MB. */
export function peakOf(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(told(pid, 'status'))?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}

/** From now on `peakOf` tells of this process what it held since. */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // No such system: there is no peak to be told either.
  }
}

/**
 * Seconds of computing of a process and of those that it started, their own and the system's for them: on a busy machine
 * they say more than a watch.
 */
export function secondsOf(pid: number): number | null {
  const own = ticksOf(pid)
  if (own === null) return null
  const started = told(pid, `task/${pid}/children`).trim().split(' ').filter(Boolean)
  return (own + started.reduce((sum, child) => sum + (ticksOf(Number(child)) ?? 0), 0)) / TICKS_A_SECOND
}

/** With what those took that it started and that have ended. */
function ticksOf(pid: number): number | null {
  // The name stands in parentheses and may hold anything; the times are the 12th to 15th words after it.
  const words = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  const ticks = words.slice(11, 15).reduce((sum, word) => sum + Number(word), 0)
  return words.length > 15 && Number.isFinite(ticks) ? ticks : null
}

function told(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    // No such system, or the process has just ended.
    return ''
  }
}
