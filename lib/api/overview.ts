import type { ItemId } from '../check.ts'
import type { Outcome } from '../scan.ts'

/** `unknown` holds checks that threw as well: nobody looked, whatever the cause. */
export type Shown = Exclude<Outcome, 'error'>

export const SHOWN = ['pass', 'fail', 'unknown', 'not-applicable'] as const satisfies readonly Shown[]

export type Counts = Record<Shown, number>

/** The organisation's score at the end of that week, 0–100; null while no repository had one. */
export type TrendPoint = { at: Date; score: number | null; repositories: number }

/** Repositories by their state in one item or section; `passBefore` is the share that passed, 0–1, thirty days ago. */
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
  trend: TrendPoint[]
  /** Days on which repositories were first judged by another checklist. */
  checklistChanges: Date[]
  items: ItemRow[]
  up: Mover[]
  down: Mover[]
  teams: TeamRow[]
  newlyFailing: NewlyFailing[]
  findings: number
}
