/** What an open page and the server agree on about changes that are told as they happen. */
import { z } from 'zod'

/** The questions of open pages, by the first part of their keys, that the answers of may change while they are open. */
export const TOPICS = ['progress', 'crawling', 'look'] as const

/** A mark each, which is another one when that question has another answer; nothing else can be read from it. */
export const marks = z.object({ progress: z.string(), crawling: z.string(), look: z.string() })
export type Marks = z.infer<typeof marks>

export const EVENTS_PATH = '/api/events'
/** So often something comes, be it only a beat: what stands between and keeps it back is found out by that. */
export const BEAT_MS = 15_000

let isTold = false

/** Whether this tab is told of changes; then it need not ask. */
export function setTold(told: boolean): void {
  isTold = told
}

/** How long to wait before asking again: as a page does that is told nothing, or not at all. */
export function unlessTold(wait: number | false): number | false {
  return isTold ? false : wait
}
