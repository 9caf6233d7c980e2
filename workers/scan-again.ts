import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import { unscannedSnapshots } from '#lib/store/scans.ts'
import type { Context } from './context.ts'

const BATCH = 100

type Asking = Pick<Context, 'db' | 'queue' | 'judges'>

/**
 * Asks for scans of the newest snapshots that this checklist and policy have not judged: after an upgrade every verdict
 * is renewed from what is stored, with no request to the host.
 */
export async function scanAgain({ db, queue, judges }: Asking, orgId: number): Promise<void> {
  const { checklistVersion } = await judges.checklist()
  const identity = { checklistVersion, policyHash: policyHash(defaultPolicy) }
  const left = await unscannedSnapshots(db, { orgId, ...identity })
  for (let at = 0; at < left.length; at += BATCH) {
    const snapshotIds = left.slice(at, at + BATCH)
    await queue.enqueue('scan-snapshots', { snapshotIds }, { key: `${identity.checklistVersion} ${snapshotIds[0]}` })
  }
}
