import type { BlobInventory } from '../inventory/blobs.ts'
import { type Policy, policyHash } from '../policy/policy.ts'
import type { ScanReport } from '../scan.ts'
import { scoreOf } from '../score/score.ts'
import { leftOutReason } from '../snapshot/left-out.ts'
import type { PackedSnapshot } from '../snapshot/packed.ts'
import type { Answered, Checklist } from './answer.ts'

/** `owners`: who answers for the repository by its CODEOWNERS, see `repositoryOwners`. */
export type Judgement = { report: ScanReport; inventories: BlobInventory[]; owners: string[] }

/** `inventory`: whether the report lists it by place too. */
export type Judging = { policy: Policy; now: Date; inventory?: boolean }

/**
 * The judgement in an answer; null where it is not one of that snapshot by that checklist. What is known here is not taken
 * from the judge: it says what each check found, and nothing of other repositories.
 */
export function judgementIn(
  answer: Exclude<Answered, { failed: string }>,
  { facts, files }: PackedSnapshot,
  { policy, now }: Judging,
  { checklistVersion, checks }: Checklist,
): Judgement | null {
  const { report, inventories, owners } = answer
  const known = report.checks.every(({ id, item, version }, index) => {
    const check = checks[index]
    return check?.id === id && check.item === item && check.version === version
  })
  const oids = new Set(files.map(({ oid }) => oid))
  if (!known || report.checks.length !== checks.length || inventories.some(({ oid }) => !oids.has(oid))) return null
  const { repository, commit } = facts
  // What the policy leaves out of what was taken is counted where it is read.
  const byPolicy = new Set(policy.leftOut.segments.map(leftOutReason))
  return {
    report: {
      ...report,
      ...{ repository, commit, checklistVersion, scannedAt: now.toISOString(), policyHash: policyHash(policy) },
      ...scoreOf(report.checks, policy),
      leftOut: [
        ...facts.leftOut.map(({ files: count, reason }) => ({ files: count, reason })),
        ...report.leftOut.filter(({ reason }) => byPolicy.has(reason)),
      ],
    },
    inventories,
    owners,
  }
}
