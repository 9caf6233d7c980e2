import { z } from 'zod'
import type { ItemId } from '../check.ts'
import type { Counts } from './overview.ts'

const DAY_MS = 24 * 3600 * 1000
const MOST_STEPS = 60
const words = z
  .string()
  .trim()
  .max(200)
  .transform(text => (text === '' ? undefined : text))
  .optional()
  .catch(undefined)
const day = z.iso.date().optional().catch(undefined)

/** The state of the trends page: whose trend, of what, from and to which day (both in UTC and included). */
export const trendsQuery = z.object({ team: words, item: words, check: words, from: day, to: day })
export type TrendsQuery = z.output<typeof trendsQuery>

/** A range cut into steps of the same length, at most sixty of them; `ends` are their ends, the first is `from`. */
export type Range = { from: Date; to: Date; stepDays: number; ends: Date[] }

/** The range that is asked for; a year up to now without one. What lies in the future is cut off. */
export function rangeOf({ from, to }: TrendsQuery, now: Date): Range {
  const asked = to === undefined ? now : new Date(Date.parse(to) + DAY_MS - 1)
  const end = asked < now ? asked : now
  const wished = from === undefined ? new Date(end.getTime() - 365 * DAY_MS) : new Date(from)
  const start = wished < end ? wished : new Date(end.getTime() - DAY_MS)
  const days = Math.max(1, (end.getTime() - start.getTime()) / DAY_MS)
  const stepDays = Math.max(1, Math.ceil(days / MOST_STEPS / (days > MOST_STEPS ? 7 : 1)) * (days > MOST_STEPS ? 7 : 1))
  const ends = [end]
  // Counted from the end, so that the last step is whole and ends now.
  for (let at = end.getTime() - stepDays * DAY_MS; at > start.getTime(); at -= stepDays * DAY_MS)
    ends.unshift(new Date(at))
  return { from: start, to: end, stepDays, ends: [start, ...ends] }
}

/** How many repositories stood how at that time. */
export type StatePoint = { at: Date; counts: Counts }

/** The mean score at that time, and of how many repositories it is the mean. */
export type ScorePoint = { at: Date; score: number | null; repositories: number }

export type Trends = {
  range: Range
  /** Of the whole score, for the organisation or the team. */
  score: ScorePoint[]
  /** Per item and section that has been judged at all. */
  items: { item: ItemId; points: StatePoint[] }[]
  /** Of the item or check that is asked for. */
  subject: StatePoint[] | null
  changes: { at: Date; what: 'checklist' | 'policy' }[]
  teams: string[]
}

export function trendsHref(query: TrendsQuery): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value) search.set(key, value)
  const text = search.toString()
  return text === '' ? '/trends' : `/trends?${text}`
}

/** Those that were judged: what is waived applies, and has not passed. */
export function judgedOf({ pass, waived, fail }: Counts): number {
  return pass + waived + fail
}

/** The share that passed of those that were judged, 0–100; null where none was. A waiver raises no share. */
export function passShare(counts: Counts): number | null {
  const judged = judgedOf(counts)
  return judged === 0 ? null : (counts.pass / judged) * 100
}
