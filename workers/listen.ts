/** Listening for pushes where no webhook tells of them. */
import { isChanged, poll } from '#lib/crawl/listing.ts'
import { inLane } from '#lib/github/lane.ts'
import type { Budget } from '#lib/github/limiter.ts'
import { findOrg, isTurnToListen } from '#lib/store/orgs.ts'
import { knownRepositories } from '#lib/store/repositories.ts'
import { runningRun } from '#lib/store/runs.ts'
import type { Context } from './context.ts'

/** Listening goes on while more than this part of the hour's points is left: three points a minute are for comfort. */
const COMFORT = 0.5

export type Listening = Pick<Context, 'db' | 'queue' | 'source' | 'now'> & {
  /** The points as the host last told them; nothing where it has no limits, or was not asked yet. */
  points(): Budget | undefined
}

/**
 * What asks, for one point, whether anything was pushed since the last listing, and has it looked at if so; another worker
 * that did so within `every` milliseconds is enough. A push is acted on once: one that cannot be read does not make it
 * look again and again.
 */
export function listener(
  { db, queue, source, now, points }: Listening,
  orgId: number,
  every: number,
): () => Promise<void> {
  const seen = new Set<string>()
  return async () => {
    const org = await findOrg(db, orgId)
    if (org === null || org.sweptAt === null || org.pushedUntil === null) return
    const told = points()
    if (told !== undefined && told.remaining <= told.limit * COMFORT) return
    if ((await runningRun(db, orgId)) !== null || !(await isTurnToListen(db, orgId, { now: now(), every }))) return
    const { pushedUntil } = org
    const fresh: string[] = []
    await inLane('dirty', () =>
      poll(source, pushedUntil, async pushed => {
        const known = await knownRepositories(
          db,
          pushed.map(({ id }) => id),
        )
        for (const one of pushed)
          if (isChanged(one, known.get(one.id))) fresh.push(`${one.id} ${one.headOid} ${one.pushedAt?.getTime()}`)
      }),
    )
    if (fresh.every(push => seen.has(push))) return
    // Only those of the overlap come again: what was seen before is not needed for longer.
    seen.clear()
    for (const push of fresh) seen.add(push)
    await queue.enqueue('discover-repositories', { orgId }, { key: String(orgId) })
  }
}
