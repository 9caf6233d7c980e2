import type { Finding, ItemId } from './check.ts'

/** `unknown`: a part that the check needs could not be read. `error`: the check threw. Neither is good or bad. */
export type Outcome = 'pass' | 'fail' | 'not-applicable' | 'unknown' | 'error'
export type Grade = 'A' | 'B' | 'C' | 'D' | 'F'

/** A finding as reported: its weight filled in, and a fingerprint that does not move with its line. */
export type ReportedFinding = Omit<Finding, 'weight'> & { weight: 0.5 | 1; fingerprint: string; diff?: string }

/** `value` 0–1, null where the check leaves the sum (not-applicable, unknown, error). */
export type CheckResult = {
  id: string
  item: ItemId
  version: number
  outcome: Outcome
  reason?: string
  examined: number
  value: number | null
  findings: ReportedFinding[]
}

/** One of the six items or a hardening section. `value` 0–1; `met`: every check that applied passes, and one applied. */
export type ScoredItem = { id: ItemId; value: number | null; met: boolean; applied: number }
