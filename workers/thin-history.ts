import type { JobPayload } from '#lib/queue/jobs.ts'
import { thinHistory as thin } from '#lib/store/history.ts'
import type { Context } from './context.ts'

/** Keeps the store small: once a sweep, what aged is thinned. */
export async function thinHistory({ db, log, now }: Context, { orgId }: JobPayload<'thin-history'>): Promise<void> {
  const removed = await thin(db, { orgId, now: now() })
  if (removed > 0) log.info({ removed }, 'History was thinned.')
}
