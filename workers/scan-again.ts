import { policyFor, type Traits } from '#lib/policy/document.ts'
import { policyHash } from '#lib/policy/policy.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { unscannedSnapshots } from '#lib/store/scans.ts'
import type { Context } from './context.ts'

const BATCH = 100

type Asking = Pick<Context, 'db' | 'queue' | 'judges'>

/**
 * Asks for scans of the newest snapshots that this checklist and the policy in force have not judged: after an upgrade or
 * a change of the policy or of what says which demands are made of a repository (its topics, teams, properties,
 * visibility) every verdict is renewed from what is stored, with no request to the host. `among`: of these repositories.
 */
export async function scanAgain(
  { db, queue, judges }: Asking,
  orgId: number,
  among?: readonly bigint[],
): Promise<void> {
  const { document, number } = await currentPolicy(db, orgId)
  const { checklistVersion } = await judges.checklist()
  const hashOf = (traits: Traits) => policyHash(policyFor(document, traits))
  const left = await unscannedSnapshots(db, { orgId, checklistVersion, hashOf, ...(among && { among }) })
  for (let at = 0; at < left.length; at += BATCH) {
    const snapshotIds = left.slice(at, at + BATCH)
    await queue.enqueue('scan-snapshots', { snapshotIds }, { key: `${checklistVersion} ${number} ${snapshotIds[0]}` })
  }
}
