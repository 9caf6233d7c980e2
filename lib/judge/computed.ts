import { readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/**
 * Seconds that the first thread of a process has computed, its own and the system's for it; null where the system does not
 * tell. Other threads, which collect garbage, do not count: on a busy machine only this says how long something takes.
 */
export function secondsComputed(pid: number): number | null {
  try {
    // The name stands in parentheses and may hold anything; user and system time are the 12th and 13th words after it.
    const told = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    const seconds = (Number(told[11]) + Number(told[12])) / TICKS_A_SECOND
    return Number.isFinite(seconds) ? seconds : null
  } catch {
    // No such system, or the process has just ended.
    return null
  }
}
