import type { Database, Session } from './database.ts'
import { storable } from './text.ts'

/** A key as its owner sees it; the key itself is never kept. `start` tells keys apart. */
export type ApiKeyRow = {
  id: string
  name: string
  start: string
  scopes: string[]
  createdAt: Date
  expiresAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const SHOWN = {
  id: true,
  name: true,
  start: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
}
/** A busy key is written down once in so long, so that reading does not write. */
const USE_NOTED_MS = 60_000

export async function saveApiKey(
  tx: Session,
  key: Pick<ApiKeyRow, 'id' | 'name' | 'start' | 'scopes' | 'expiresAt'> & { hash: string; userId: string; now: Date },
): Promise<void> {
  const { now, name, ...data } = key
  await tx.apiKey.create({ data: { ...data, name: storable(name), createdAt: now } })
}

export async function listApiKeys(db: Database, userId: string): Promise<ApiKeyRow[]> {
  return db.apiKey.findMany({ where: { userId }, select: SHOWN, orderBy: { createdAt: 'desc' } })
}

/** Whose key this is and what it may do; null where it is not known, expired or revoked. Notes that it was used. */
export async function keyInForce(
  db: Database,
  hash: string,
  now: Date,
): Promise<{ id: string; scopes: string[]; user: { id: string; name: string; role: string } } | null> {
  const key = await db.apiKey.findUnique({
    where: { hash },
    select: { ...SHOWN, user: { select: { id: true, name: true, role: true } } },
  })
  if (key === null || key.revokedAt !== null || key.expiresAt <= now) return null
  if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > USE_NOTED_MS)
    await db.apiKey.update({ where: { id: key.id }, data: { lastUsedAt: now } })
  return key
}

/** False where this person has no such key in force. */
export async function revokeApiKey(tx: Session, { id, userId, now }: { id: string; userId: string; now: Date }) {
  const { count } = await tx.apiKey.updateMany({ where: { id, userId, revokedAt: null }, data: { revokedAt: now } })
  return count === 1
}
