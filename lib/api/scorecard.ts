import { z } from 'zod'
import type { ItemId } from '../check.ts'
import type { Grade, Outcome, ScoredItem } from '../scan.ts'
import type { Owner } from './owners.ts'
import type { WaiverWithHistory } from './waivers.ts'

/**
 * A line of a file beside the finding; `number` is 1-based, `wrong` marks the lines of the evidence itself, `mark` the
 * columns of what is wrong in them (the end excluded), where that is known.
 */
export type CodeLine = { number: number; text: string; wrong: boolean; mark?: readonly [start: number, end: number] }

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
  /** The waiver that stands over it; null where it counts. */
  waiverId: number | null
}

export type JudgedCheck = {
  id: string
  item: ItemId
  version: number
  outcome: Outcome
  reason: string | null
  examined: number
  /** Without the waived ones. */
  failing: number
  waived: number
  value: number | null
  /** What the check wants told beside its verdict. */
  notes: string[]
  /** The first of them; `failing` and `waived` say how many there are. */
  findings: OpenFinding[]
  /** Points of score (or of hardening) that the repository gains when this check passes. */
  gain: number
  /** How much it counts within its item; 0: it is not in the score. */
  weight: number
  /** How many of the findings bring a fix. */
  fixes: Fixes
}

export type Fixes = { safe: number; review: number }

export type TimelineEntry = {
  /** The scan's. */
  id: number
  at: Date
  commit: string
  score: number | null
  grade: Grade | null
  itemsMet: number
  itemsApplied: number
  opened: number
  fixed: number
  /** Findings that were open before and still are after. */
  still: number
  /** Findings that were waived then, and in the scan before; null before the first. */
  waived: number
  waivedBefore: number | null
  checklistChanged: boolean
  policyChanged: boolean
}

export type Scorecard = {
  name: string
  visibility: string
  archived: boolean
  fork: boolean
  empty: boolean
  language: string | null
  topics: string[]
  owners: Owner[]
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
    waivedFindings: number
    items: ScoredItem[]
    leftOut: { files: number; reason: string }[]
    couldNotRead: { path: string | null; reason: string }[]
  } | null
  checks: JudgedCheck[]
  /** What is asked for, in force, or ended in the last thirty days. */
  waivers: WaiverWithHistory[]
  /** As long as the policy lets one last here. */
  longestWaiverDays: number
  timeline: TimelineEntry[]
}

/** `all`: the check whose findings are shown to the last one; the others show their first. */
export const scorecardQuery = z.object({ all: z.string().max(100).optional().catch(undefined) })

/** A place on the to-do list; `fix` says of what kind the fix is that the finding brings. */
export type Place = {
  fingerprint: string
  path: string
  startLine: number
  message: string
  fix: 'safe' | 'review' | null
}

/** A check that is not right yet, with everything that there is to do for it. `places` are the first of `failing`. */
export type Step = Pick<
  JudgedCheck,
  'id' | 'item' | 'outcome' | 'reason' | 'examined' | 'failing' | 'waived' | 'gain' | 'fixes'
> & {
  places: Place[]
}

/** What is left to do in one repository; `scan` null while it has not been judged. */
export type Remediation = {
  name: string
  scan: { at: Date; commit: string; score: number | null; grade: Grade | null } | null
  steps: Step[]
}

/** One finding in the history of a repository. */
export type Change = { fingerprint: string; checkId: string; path: string; startLine: number; message: string }

/** A scan with what it was the first to see and the first to miss; the lists are cut, the counts are not. */
export type ChangedEntry = TimelineEntry & { openedHere: Change[]; fixedHere: Change[] }

export type Changes = { name: string; entries: ChangedEntry[]; more: boolean }

/** `before`: the ISO time of the entry after which to go on. */
export const changesQuery = z.object({ before: z.iso.datetime().optional().catch(undefined) })
