import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { checklistVersion, scan } from '#lib/scan.ts'
import { isScanned, saveScan } from '#lib/store/scans.ts'
import { loadSnapshot } from '#lib/store/snapshots.ts'
import type { Context } from './context.ts'

/** Judges a stored snapshot by the whole checklist and keeps the verdicts. Done twice it changes nothing. */
export async function scanSnapshot(context: Context, { snapshotId }: JobPayload<'scan-snapshot'>): Promise<void> {
  const { db, log } = context
  const identity = { snapshotId, checklistVersion: checklistVersion(CHECKS), policyHash: policyHash(defaultPolicy) }
  if (await isScanned(db, identity)) return
  const { repositoryId, headOid, snapshot } = await loadSnapshot(db, snapshotId)
  const now = context.now()
  const report = scan(snapshot, CHECKS, defaultPolicy, now)
  for (const { id, outcome, reason } of report.checks) {
    if (outcome === 'error') log.error({ check: id, repository: snapshot.repository, reason }, 'A check threw.')
  }
  await saveScan(db, { ...identity, repositoryId, headOid, report, now })
}
