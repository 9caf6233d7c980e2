import { z } from 'zod'
import type { ItemId } from '../check.ts'
import type { Grade, Outcome, ScoredItem } from '../scan.ts'

/** A line of a file beside the finding; `number` is 1-based, `wrong` marks the lines of the evidence itself. */
export type CodeLine = { number: number; text: string; wrong: boolean }

export type OpenFinding = {
  fingerprint: string
  path: string
  startLine: number
  endLine: number
  code: CodeLine[]
  message: string
  /** ½ where the place is half right. */
  weight: number
  patch: { title: string; safety: 'safe' | 'review'; diff: string } | null
  firstSeen: Date
  firstCommit: string
}

export type JudgedCheck = {
  id: string
  item: ItemId
  version: number
  outcome: Outcome
  reason: string | null
  examined: number
  failing: number
  value: number | null
  /** The first of them; `failing` says how many there are. */
  findings: OpenFinding[]
  /** Points of score (or of hardening) that the repository gains when this check passes. */
  gain: number
}

export type TimelineEntry = {
  at: Date
  commit: string
  score: number | null
  grade: Grade | null
  itemsMet: number
  itemsApplied: number
  opened: number
  fixed: number
  checklistChanged: boolean
}

export type Scorecard = {
  name: string
  visibility: string
  archived: boolean
  fork: boolean
  empty: boolean
  language: string | null
  topics: string[]
  teams: string[]
  defaultBranch: string | null
  crawl: string | null
  crawlReason: string | null
  crawledAt: Date | null
  /** null while the repository has not been judged. */
  scan: {
    at: Date
    commit: string
    score: number | null
    scoreBefore: number | null
    grade: Grade | null
    itemsMet: number
    itemsApplied: number
    hardening: number | null
    items: ScoredItem[]
    leftOut: { files: number; reason: string }[]
    couldNotRead: { path: string | null; reason: string }[]
  } | null
  checks: JudgedCheck[]
  timeline: TimelineEntry[]
}

/** `all`: the check whose findings are shown to the last one; the others show their first. */
export const scorecardQuery = z.object({ all: z.string().max(100).optional().catch(undefined) })
