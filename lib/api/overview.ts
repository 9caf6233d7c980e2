import { z } from 'zod'
import type { ItemId } from '../check.ts'
import type { Outcome } from '../scan.ts'
import type { ScorePoint, Trends } from './trends.ts'

/** `unknown` holds checks that threw as well: nobody looked, whatever the cause. */
export type Shown = Exclude<Outcome, 'error'>

export const SHOWN = ['pass', 'waived', 'fail', 'unknown', 'not-applicable'] as const satisfies readonly Shown[]

export type Counts = Record<Shown, number>

/** Repositories by their state in one item or section; `passBefore` is the share that passed, 0–1, at the date compared with. */
export type ItemRow = { item: ItemId; counts: Counts; passBefore: number | null }

export type Mover = {
  name: string
  change: number
  score: number
  /** Why: per check, how many findings went and came in the time. */
  reasons: { checkId: string; fixed: number; opened: number }[]
}

export type TeamRow = {
  team: string
  repositories: number
  score: number | null
  change: number | null
  findings: number
}

export type NewlyFailing = { name: string; checkId: string; findings: number; since: Date }

export type Overview = {
  /** Mean of the scores of repositories that have one and are not archived; null where none has. */
  score: number | null
  scoreBefore: number | null
  hardening: number | null
  repositories: number
  /** Repositories that meet every item that applies to them. */
  allMet: number
  allMetBefore: number
  trend: ScorePoint[]
  changes: Trends['changes']
  items: ItemRow[]
  up: Mover[]
  down: Mover[]
  teams: TeamRow[]
  newlyFailing: NewlyFailing[]
  findings: number
}

const DAY_MS = 24 * 3600 * 1000
const DEFAULT_DAYS = 30

/** `since`: the day that the overview is compared with. */
export const overviewQuery = z.object({ since: z.iso.date().optional().catch(undefined) })

/** When the day thirty days before began, where no day in the past is asked for. */
export function sinceOf({ since }: z.output<typeof overviewQuery>, now: Date): Date {
  const at = since === undefined ? Number.NaN : Date.parse(since)
  return at < now.getTime() ? new Date(at) : new Date(Math.floor(now.getTime() / DAY_MS - DEFAULT_DAYS) * DAY_MS)
}
