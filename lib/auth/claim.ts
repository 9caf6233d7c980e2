/** The first owner: a link that works once, printed where Plumbline was started, makes whoever is signed in the owner. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { AppError } from '../errors.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { claimOnce, openClaim } from '../store/people.ts'
import { actedBy, type Viewer } from './permit.ts'

const HOUR_MS = 3_600_000

/** A new link's secret part, valid for an hour and instead of the one before; null where there is an owner already. */
export async function offerOwnership(db: Database, now: Date): Promise<string | null> {
  const token = randomBytes(32).toString('base64url')
  const claim = { id: randomUUID(), hash: hashOf(token), expiresAt: new Date(now.getTime() + HOUR_MS), now }
  return (await inTransaction(db, tx => openClaim(tx, claim))) ? token : null
}

/** Makes the viewer the owner. Throws AppError `forbidden` where the link was used, is too old or was never given. */
export async function claimOwnership(db: Database, viewer: Viewer, token: string, now: Date): Promise<void> {
  if (viewer.via !== 'session') throw new AppError('forbidden', 'Sign in first, then open the link again.')
  await inTransaction(db, async tx => {
    if (!(await claimOnce(tx, { hash: hashOf(token), userId: viewer.id, now })))
      throw new AppError(
        'forbidden',
        'This link does not work, or no longer.',
        'Start Plumbline again to get a new one; an owner gives roles under Members.',
      )
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'member.role',
      resource: `member:${viewer.id}`,
      details: { role: 'owner', by: 'first-run link' },
    })
  })
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
