import type { FileMap } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { applyEdits } from '#lib/patch/apply.ts'
import { defaultPolicy, type Policy } from '#lib/policy/policy.ts'
import { type CheckResult, scan } from '#lib/scan.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'
import { snapshotOf } from '../snapshot-of.ts'

const NOW = new Date('2026-06-01T00:00:00Z')

/** What one check says of a few files, through the real runner. */
export function verdictOf(
  id: string,
  files: FileMap,
  more: Partial<Snapshot> = {},
  policy: Policy = defaultPolicy,
): CheckResult {
  const checks = CHECKS.filter(check => check.id === id)
  const [result] = scan(snapshotOf(files, more), checks, policy, NOW).checks
  if (!result) throw new Error(`no check ${id}`)
  return result
}

/** The files after every patch of the result. */
export function mended(files: FileMap, result: CheckResult): FileMap {
  const edits = result.findings.flatMap(finding => finding.patch?.edits ?? [])
  return { ...files, ...Object.fromEntries(applyEdits(snapshotOf(files).files, edits)) }
}

/** `path:line` of every finding. */
export function places(result: CheckResult): string[] {
  return result.findings.map(({ evidence }) => `${evidence.path}:${evidence.startLine}`)
}
