import { outdatedCallers } from '#lib/store/outdated-callers.ts'
import type { Context } from './context.ts'

const BATCH = 100

/** After a run: whoever calls what was found in it, or found changed, is judged once more from what is stored. */
export async function scanCallers({ db, queue }: Pick<Context, 'db' | 'queue'>, orgId: number): Promise<void> {
  const left = await outdatedCallers(db, orgId)
  for (let at = 0; at < left.length; at += BATCH)
    await queue.enqueue('scan-snapshots', { snapshotIds: left.slice(at, at + BATCH), callersOf: orgId })
}
