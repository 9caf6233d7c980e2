/** Who changes the policy: tried first, then saved as a new version, and written into the audit log. */
import { AppError } from '../errors.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { addPolicyVersion, addTrial, findTrial, refuseUnlessNewest } from '../store/policies.ts'
import { actedBy, may, type Viewer } from './permit.ts'

/**
 * Has a worker tell what a text would do to the scores. `basedOn` is the version that the text was made from: throws
 * AppError `conflict` where another came since, and `forbidden`. The text was read before.
 */
export async function askForTrial(
  db: Database,
  viewer: Viewer,
  wish: { orgId: number; text: string; basedOn: number },
  now: Date,
): Promise<number> {
  refuseUnlessAllowed(viewer)
  return inTransaction(db, async tx => {
    await refuseUnlessNewest(tx, wish.orgId, wish.basedOn)
    return addTrial(tx, { ...wish, askedBy: viewer.id }, now)
  })
}

/**
 * Saves what was tried, and nothing else, as the next version. Throws AppError `conflict` where another version was saved
 * since it was tried, or where the trial is not done.
 */
export async function savePolicy(
  db: Database,
  viewer: Viewer,
  wish: { orgId: number; trialId: number; note: string },
  now: Date,
): Promise<number> {
  refuseUnlessAllowed(viewer)
  const { orgId, trialId, note } = wish
  return inTransaction(db, async tx => {
    const trial = await findTrial(tx, orgId, trialId)
    if (trial === null || trial.state !== 'done')
      throw new AppError('conflict', 'What it does to the scores is not known.', 'Have it checked and tried again.')
    const { text, basedOn, moved } = trial
    const number = await addPolicyVersion(tx, { orgId, basedOn, text, note, moved: moved.length, by: viewer }, now)
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'policy.changed',
      resource: `policy:${number}`,
      details: { version: number, note, moved: moved.length },
    })
    return number
  })
}

function refuseUnlessAllowed(viewer: Viewer): void {
  if (!may(viewer, 'policy:change'))
    throw new AppError('forbidden', 'An owner or the security team changes the policy.')
}
