import { type Policy, policyHash } from '#lib/policy/policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { saveHoldings, saveInventories } from '#lib/store/inventory.ts'
import { outdatedCallers } from '#lib/store/outdated-callers.ts'
import { saveCodeOwners } from '#lib/store/owners.ts'
import { policiesInForce, type RepositoryTraits, traitsOf } from '#lib/store/policies.ts'
import { saveScans, unscanned } from '#lib/store/scans.ts'
import { loadSnapshots, type StoredSnapshot } from '#lib/store/snapshots.ts'
import type { Context } from './context.ts'

/**
 * Judges stored snapshots by the whole checklist and keeps the verdicts, group by group. Done twice it changes nothing.
 * Where one of many cannot be judged or kept, each becomes a job of its own, so that it holds up no other.
 */
export async function scanSnapshots(context: Context, payload: JobPayload<'scan-snapshots'>): Promise<void> {
  const { queue, log } = context
  const { snapshotIds, ...more } = payload
  try {
    await scanAll(context, payload)
  } catch (error) {
    if (snapshotIds.length === 1) throw error
    log.warn({ error, snapshots: snapshotIds.length }, 'Some of these scans failed; each is tried alone.')
    for (const snapshotId of snapshotIds)
      await queue.enqueue('scan-snapshots', { snapshotIds: [snapshotId], ...more }, { key: String(snapshotId) })
  }
}

async function scanAll(context: Context, { snapshotIds, callersOf }: JobPayload<'scan-snapshots'>): Promise<void> {
  const { db, judges } = context
  const { checklistVersion } = await judges.checklist()
  const policyOf = await policiesInForce(db)
  const hashOf = (traits: RepositoryTraits) => policyHash(policyOf(traits))
  const again = callersOf !== undefined
  const left = again
    ? await outdatedCallers(db, callersOf, snapshotIds)
    : await unscanned(db, { snapshotIds, checklistVersion, hashOf })
  for await (const group of loadSnapshots(db, left)) {
    const traits = await traitsOf(
      db,
      group.map(({ repositoryId }) => repositoryId),
    )
    const judged = await Promise.all(
      group.flatMap(one => {
        const own = traits.get(one.repositoryId)
        // It was removed meanwhile.
        return own === undefined ? [] : [judgeOne(context, one, policyOf(own))]
      }),
    )
    // Before the scans: once they are kept, nobody looks at these snapshots again.
    await saveInventories(
      db,
      judged.flatMap(({ inventories }) => inventories),
    )
    await saveHoldings(
      db,
      judged.map(({ scan }) => scan.repositoryId),
    )
    await saveCodeOwners(
      db,
      judged.map(({ scan, owners }) => ({ ...scan, owners })),
    )
    await saveScans(
      db,
      judged.map(({ scan }) => ({ ...scan, checklistVersion, again })),
    )
  }
}

async function judgeOne(
  { judges, log, now }: Context,
  { id, repositoryId, headOid, packed }: StoredSnapshot,
  policy: Policy,
) {
  const at = now()
  const { report, inventories, owners } = await judges.judge(packed, { policy, now: at })
  for (const { id: check, outcome, reason } of report.checks) {
    if (outcome === 'error') log.error({ check, repository: report.repository, reason }, 'A check threw.')
  }
  const by = { policyHash: policyHash(policy), weights: policy }
  return { scan: { ...by, snapshotId: id, repositoryId, headOid, report, now: at }, inventories, owners }
}
