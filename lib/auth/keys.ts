/** Keys of the API: made here, shown once, kept as a hash. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { AppError } from '../errors.ts'
import { keyInForce, revokeApiKey, saveApiKey } from '../store/api-keys.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { ACTIONS, type Action, actedBy, isRole, scopesOf, seesOf, type Viewer } from './permit.ts'

/** The prefix makes a leaked key findable by secret scanners and by our own redaction. */
const PREFIX = 'plb_'
const LONGEST_DAYS = 365
const DAY_MS = 86_400_000

export type NewKey = { name: string; scopes: readonly Action[]; days: number }

/** Makes a key for the viewer with no more than the viewer may. The answer is the only time that the key is seen. */
export async function makeKey(db: Database, viewer: Viewer, wish: NewKey, now: Date): Promise<{ key: string }> {
  if (!Number.isInteger(wish.days) || wish.days < 1 || wish.days > LONGEST_DAYS)
    throw new AppError('invalid-input', `A key lasts from 1 to ${LONGEST_DAYS} days.`)
  const allowed = scopesOf(viewer.role)
  const beyond = wish.scopes.filter(scope => !allowed.includes(scope))
  if (wish.scopes.length === 0) throw new AppError('invalid-input', 'A key that may do nothing is of no use.')
  if (beyond.length > 0) throw new AppError('forbidden', `Your role does not allow ${beyond.join(', ')}.`)
  const key = PREFIX + randomBytes(32).toString('base64url')
  const id = randomUUID()
  await inTransaction(db, async tx => {
    await saveApiKey(tx, {
      id,
      hash: hashOf(key),
      start: key.slice(0, PREFIX.length + 4),
      name: wish.name,
      userId: viewer.id,
      scopes: [...wish.scopes],
      expiresAt: new Date(now.getTime() + wish.days * DAY_MS),
      now,
    })
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'key.made',
      resource: `key:${id}`,
      details: { label: wish.name, scopes: wish.scopes.join(' '), days: wish.days },
    })
  })
  return { key }
}

export async function revokeKey(db: Database, viewer: Viewer, id: string, now: Date): Promise<void> {
  await inTransaction(db, async tx => {
    if (!(await revokeApiKey(tx, { id, userId: viewer.id, now })))
      throw new AppError('not-found', 'There is no such key in force.')
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'key.revoked',
      resource: `key:${id}`,
      details: {},
    })
  })
}

/** The viewer behind `Authorization: Bearer plb_…`; null where the key is not in force. */
export async function viewerOfKey(
  db: Database,
  authorization: string,
  { address, now }: { address: string | null; now: Date },
): Promise<Viewer | null> {
  const key = /^Bearer (plb_[A-Za-z0-9_-]{43})$/.exec(authorization)?.[1]
  if (key === undefined) return null
  const used = await keyInForce(db, hashOf(key), now)
  if (used === null || !isRole(used.user.role)) return null
  const { id, name, role } = used.user
  const scopes = ACTIONS.filter(action => used.scopes.includes(action))
  return { id, name, role, sees: seesOf(role, id), via: 'key', scopes, address }
}

// 32 random bytes cannot be guessed, so a fast hash is enough, and looking it up by the hash tells no time.
function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
