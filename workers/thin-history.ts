import type { JobPayload } from '#lib/queue/jobs.ts'
import { thinHistory as thin } from '#lib/store/history.ts'
import { removeUnheld } from '#lib/store/unheld.ts'
import type { Context } from './context.ts'

/** Keeps the store small: once a sweep, what aged is thinned, and content that nothing needs any more goes. */
export async function thinHistory({ db, log, now }: Context, { orgId }: JobPayload<'thin-history'>): Promise<void> {
  const removed = await thin(db, { orgId, now: now() })
  const { trees, blobs } = await removeUnheld(db, now())
  if (removed + trees + blobs > 0) log.info({ scans: removed, trees, blobs }, 'The store was thinned.')
}
