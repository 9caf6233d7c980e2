/** What a process took, as Linux tells it; null elsewhere and for one that has ended. */
import { existsSync, readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

/** The most memory that it ever held, in MB. */
export function peakOf(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(told(pid, 'status'))?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}

/** Seconds of computing, its own and the system's for it: on a busy machine they say more than a watch. */
export function secondsOf(pid: number): number | null {
  // The name stands in parentheses and may hold anything; user and system time are the 12th and 13th words after it.
  const words = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  const ticks = Number(words[11]) + Number(words[12])
  return Number.isFinite(ticks) ? Math.round(ticks / TICKS_A_SECOND) : null
}

function told(pid: number, what: 'status' | 'stat'): string {
  const path = `/proc/${pid}/${what}`
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
