/** What was refused stands in the audit log; the same refusal again within the minute is not told again. */
import { type Action, actedBy, type Viewer } from '#lib/auth/permit.ts'
import { RateLimit } from '#lib/http/rate-limit.ts'
import { type AuditEntry, audit } from '#lib/store/audit.ts'
import type { Database } from '#lib/store/database.ts'

const told = new RateLimit(1)
/** However many addresses somebody has: wrong keys write no more rows than this in a minute. */
const toldOfStrangers = new RateLimit(20)

/** Somebody known asked for what their role or key does not allow. `path` without what stands behind the question mark. */
export async function tellRefusal(db: Database, viewer: Viewer, action: Action, path: string): Promise<void> {
  const resource = `page:${path.split('?')[0]?.slice(0, 200)}`
  const entry = {
    ...actedBy(viewer, new Date()),
    action: 'access.refused',
    resource,
    details: { needed: action },
  } as const
  await once(db, `${viewer.id} ${resource}`, entry)
}

/** Somebody sent a key that is not in force: made up, revoked or too old. */
export async function tellWrongKey(db: Database, address: string | null): Promise<void> {
  const who = { at: new Date(), actor: 'anonymous', name: '', address }
  await once(db, `key ${address}`, { ...who, action: 'key.refused', resource: 'api', details: {} }, toldOfStrangers)
}

async function once(db: Database, what: string, entry: AuditEntry, all?: RateLimit): Promise<void> {
  const now = entry.at.getTime()
  if (!told.takes(what, now) || all?.takes('', now) === false) return
  await audit(db, entry)
}
