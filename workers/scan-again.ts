import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy, policyHash } from '#lib/policy/policy.ts'
import { checklistVersion } from '#lib/scan.ts'
import { unscannedSnapshots } from '#lib/store/scans.ts'
import type { Context } from './context.ts'

const BATCH = 100

/**
 * Asks for scans of the newest snapshots that this checklist and policy have not judged: after an upgrade every verdict
 * is renewed from what is stored, with no request to the host.
 */
export async function scanAgain({ db, queue }: Pick<Context, 'db' | 'queue'>, orgId: number): Promise<void> {
  const identity = { checklistVersion: checklistVersion(CHECKS), policyHash: policyHash(defaultPolicy) }
  const left = await unscannedSnapshots(db, { orgId, ...identity })
  for (let at = 0; at < left.length; at += BATCH) {
    const snapshotIds = left.slice(at, at + BATCH)
    await queue.enqueue('scan-snapshots', { snapshotIds }, { key: `${identity.checklistVersion} ${snapshotIds[0]}` })
  }
}
