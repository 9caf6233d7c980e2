/** The whole pure pipeline: a snapshot and a list of checks in, a report out. No I/O, no clock; the same in, the same out. */
import { createHash } from 'node:crypto'
import type { Check, Finding, ItemId, Verdict } from './check.ts'
import { type ActionInUse, actionsInUse } from './inventory/actions.ts'
import { type PackageInUse, packagesOf } from './inventory/packages.ts'
import { unifiedDiff } from './patch/apply.ts'
import { type Policy, policyHash } from './policy/policy.ts'
import { type Score, scoreOf } from './score/score.ts'
import { withoutLeftOut } from './snapshot/left-out.ts'
import type { Snapshot, Unread } from './snapshot/snapshot.ts'

/**
 * `unknown`: a part that the check needs could not be read. `error`: the check threw. Neither is good or bad. `waived`: all
 * that it found is accepted for a time; it never comes out of a scan, but is laid over it (lib/score/waived.ts).
 */
export type Outcome = 'pass' | 'fail' | 'waived' | 'not-applicable' | 'unknown' | 'error'
export type Grade = 'A' | 'B' | 'C' | 'D' | 'F'

/** A finding as reported: its weight filled in, and a fingerprint that does not move with its line. */
export type ReportedFinding = Omit<Finding, 'weight'> & { weight: number; fingerprint: string; diff?: string }

/** `value` 0–1, null where the check leaves the sum (not-applicable, unknown, error). */
export type CheckResult = {
  id: string
  item: ItemId
  version: number
  outcome: Outcome
  reason?: string
  examined: number
  /** What the places weigh together, where that is not their number. */
  outOf?: number
  value: number | null
  findings: ReportedFinding[]
  /** What the check wants told beside its verdict, whatever the outcome. */
  notes: string[]
}

/** One of the six items or a hardening section. `value` 0–1; `met`: every check that applied passes, and one applied. */
export type ScoredItem = { id: ItemId; value: number | null; met: boolean; applied: number }

type Inventory = { packages: PackageInUse[]; actions: ActionInUse[] }

/** Everything that one run of the checklist over one snapshot says; `score`, `hardening` and `grade` null where nothing applied. */
export type ScanReport = Score & {
  repository: string
  commit: string
  scannedAt: string
  /** Changes when a check is added, removed or changes its meaning. */
  checklistVersion: string
  policyHash: string
  checks: CheckResult[]
  inventory: Inventory
  leftOut: { files: number; reason: string }[]
  /** `path` null where a whole part of the snapshot could not be read. */
  couldNotRead: { path: string | null; reason: string }[]
}

export function scan(whole: Snapshot, checks: readonly Check[], policy: Policy, now: Date): ScanReport {
  const snapshot = withoutLeftOut(whole, policy.leftOut)
  const judged = checks.map(check => judge(check, snapshot, policy))
  const results = judged.map(({ result }) => result)
  return {
    repository: snapshot.repository,
    commit: snapshot.commit,
    scannedAt: now.toISOString(),
    checklistVersion: checklistVersion(checks),
    policyHash: policyHash(policy),
    ...scoreOf(results, policy),
    checks: results,
    inventory: { packages: packagesOf(snapshot), actions: actionsInUse(snapshot) },
    leftOut: snapshot.leftOut.map(({ files, reason }) => ({ files, reason })),
    couldNotRead: namedOnce([...snapshot.unread, ...judged.flatMap(({ unread }) => unread)]),
  }
}

/** Hash over every check's id and version, whatever their order. 16 hex digits. */
export function checklistVersion(checks: readonly Check[]): string {
  return hash(checks.map(({ id, version }) => `${id}@${version}`).sort()).slice(0, 16)
}

function judge(check: Check, snapshot: Snapshot, policy: Policy): { result: CheckResult; unread: Unread[] } {
  const { id, item, version } = check
  const empty = { id, item, version, examined: 0, value: null, findings: [], notes: [] }
  try {
    const verdict = check.run(snapshot, policy)
    const unread = verdict.unread ?? []
    const missing = [...snapshot.unread.filter(({ part }) => check.reads.includes(part)), ...unread]
    const { examined, outOf, notes = [] } = verdict
    const findings = reported(id, verdict.findings, snapshot)
    const weighed = outOf === undefined ? {} : { outOf }
    const result = { ...empty, examined, ...weighed, findings, notes, ...outcomeOf(verdict, missing) }
    return { result, unread }
  } catch (error) {
    // One check's bug must not hide what the others found; it is shown as an error and logged by the caller.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { result: { ...empty, outcome: 'error', reason }, unread: [] }
  }
}

function outcomeOf(
  { examined, findings, outOf = examined }: Verdict,
  missing: readonly Unread[],
): Pick<CheckResult, 'outcome' | 'value' | 'reason'> {
  if (findings.length > 0) {
    const wrong = findings.reduce((sum, { weight = 1 }) => sum + weight, 0)
    return { outcome: 'fail', value: Math.max(0, 1 - wrong / Math.max(1, outOf)) }
  }
  if (missing.length > 0) return { outcome: 'unknown', value: null, reason: reasonOf(missing) }
  if (examined === 0) return { outcome: 'not-applicable', value: null }
  return { outcome: 'pass', value: 1 }
}

function reasonOf(missing: readonly Unread[]): string {
  const [first, ...more] = namedOnce(missing)
  if (!first) return 'Could not look'
  const words = first.path === null ? first.reason : `${first.path}: ${first.reason}`
  return more.length === 0 ? words : `${words.replace(/\.$/, '')}, and ${more.length} more`
}

function reported(checkId: string, findings: readonly Finding[], { files }: Snapshot): ReportedFinding[] {
  const seen = new Map<string, number>()
  return findings.map(finding => {
    const { path, excerpt } = finding.evidence
    const key = [checkId, path, excerpt.replace(/\s+/g, '')]
    const occurrence = seen.get(key.join('\0')) ?? 0
    seen.set(key.join('\0'), occurrence + 1)
    const fingerprint = hash([...key, String(occurrence)]).slice(0, 32)
    const diff = finding.patch ? { diff: unifiedDiff(files, finding.patch.edits) } : {}
    return { ...finding, weight: finding.weight ?? 1, fingerprint, ...diff }
  })
}

function namedOnce(unread: readonly Unread[]): { path: string | null; reason: string }[] {
  const byName = new Map(unread.map(({ path, reason }) => [`${path}\0${reason}`, { path, reason }]))
  return [...byName.values()]
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}
