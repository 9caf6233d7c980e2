import { CHECKS } from '#lib/checks/index.ts'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { checklistVersion, scan } from '#lib/scan.ts'
import { saveInventories } from '#lib/store/inventory.ts'
import { saveScans, unscanned } from '#lib/store/scans.ts'
import { loadSnapshots } from '#lib/store/snapshots.ts'
import type { Context } from './context.ts'

/**
 * Judges stored snapshots by the whole checklist and keeps the verdicts, group by group. Done twice it changes nothing.
 * Where one of many cannot be judged or kept, each becomes a job of its own, so that it holds up no other.
 */
export async function scanSnapshots(context: Context, payload: JobPayload<'scan-snapshots'>): Promise<void> {
  const { queue, log } = context
  const { snapshotIds } = payload
  try {
    await scanAll(context, payload)
  } catch (error) {
    if (snapshotIds.length === 1) throw error
    log.warn({ error, snapshots: snapshotIds.length }, 'Some of these scans failed; each is tried alone.')
    for (const snapshotId of snapshotIds)
      await queue.enqueue('scan-snapshots', { snapshotIds: [snapshotId] }, { key: String(snapshotId) })
  }
}

async function scanAll({ db, log, now }: Context, { snapshotIds }: JobPayload<'scan-snapshots'>): Promise<void> {
  const identity = { checklistVersion: checklistVersion(CHECKS), policyHash: policyHash(defaultPolicy) }
  const left = await unscanned(db, { snapshotIds, ...identity })
  for await (const group of loadSnapshots(db, left)) {
    const at = now()
    const scans = group.map(({ id, repositoryId, headOid, snapshot }) => {
      const report = scan(snapshot, CHECKS, defaultPolicy, at)
      for (const { id: check, outcome, reason } of report.checks) {
        if (outcome === 'error') log.error({ check, repository: snapshot.repository, reason }, 'A check threw.')
      }
      return { ...identity, snapshotId: id, repositoryId, headOid, report, now: at }
    })
    // Before the scans: once they are kept, nobody looks at these snapshots again.
    await saveInventories(
      db,
      group.flatMap(({ snapshot }) => inventoriesOf(snapshot)),
    )
    await saveScans(db, scans)
  }
}
