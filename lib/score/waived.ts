/** Waivers laid over a report: what is waived is counted apart, neither as right nor as wrong. */
import type { Weights } from '../policy/policy.ts'
import { type Waiver, waiverOver } from '../policy/waiver.ts'
import type { CheckResult, ReportedFinding } from '../scan.ts'
import { type Score, scoreOf } from './score.ts'

/** What of a check's result waivers look at and change. */
type Waivable = Pick<CheckResult, 'id' | 'item' | 'outcome' | 'examined' | 'outOf' | 'value'> & {
  findings: readonly WaivableFinding[]
}
type WaivableFinding = Pick<ReportedFinding, 'fingerprint' | 'weight'> & { evidence: { path: string } }
type WithWaiver<Finding> = Finding & { waiver: number | null }

export type Waived<Check extends Waivable> = Omit<Check, 'findings'> & {
  findings: WithWaiver<Check['findings'][number]>[]
  /** Of the findings those that are not waived, and those that are. */
  failing: number
  waived: number
}

/**
 * Each finding with the waiver over it, each check with what that makes of it, and the score of all. `checks` are as they
 * were judged, before any waiver.
 */
export function layWaivers<Check extends Waivable>(
  checks: readonly Check[],
  waivers: readonly Waiver[],
  weights: Weights,
): { checks: Waived<Check>[]; score: Score } {
  const laid = checks.map(check => laidOver(check, waivers))
  return { checks: laid, score: scoreOf(laid, weights) }
}

function laidOver<Check extends Waivable>(check: Check, waivers: readonly Waiver[]): Waived<Check> {
  const findings = check.findings.map(finding => ({
    ...(finding as Check['findings'][number]),
    waiver: waiverOver(waivers, check.id, finding)?.id ?? null,
  }))
  const open = findings.filter(({ waiver }) => waiver === null)
  const counts = { findings, failing: open.length, waived: findings.length - open.length }
  if (counts.waived === 0) return { ...check, ...counts }
  const outcome = open.length > 0 ? 'fail' : 'waived'
  return { ...check, ...counts, outcome, value: valueWithout(check, findings, open) }
}

/**
 * Waived places leave the sum: the value is that of the places that are left, null where none is. So a waiver takes
 * nothing from the score, and what it covers adds nothing to it.
 */
function valueWithout(
  { outOf, examined }: Waivable,
  all: readonly { weight: number }[],
  open: readonly { weight: number }[],
): number | null {
  const left = Math.max(1, outOf ?? examined) - (weigh(all) - weigh(open))
  if (left <= 0) return open.length > 0 ? 0 : null
  return Math.max(0, 1 - weigh(open) / left)
}

function weigh(findings: readonly { weight: number }[]): number {
  return findings.reduce((sum, { weight }) => sum + weight, 0)
}
