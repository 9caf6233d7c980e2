import { type CrawlStore, crawlRepositories as crawl } from '#lib/crawl/crawl.ts'
import { AppError } from '#lib/errors.ts'
import { inLane } from '#lib/github/lane.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { crawlStore } from '#lib/store/crawl-store.ts'
import { kindOfRun, queuedRepositories } from '#lib/store/runs.ts'
import { storedSettings } from '#lib/store/settings.ts'
import { bookedAsItGoes, type Context, endRunWhenDone, failRun } from './context.ts'
import { keepCapabilities } from './settings.ts'

type Payload = JobPayload<'crawl-repositories'>

/**
 * Fetches the repositories of a run that it has not looked at yet; snapshots bring their scan job with them. Killed in
 * the middle it is run again and finds what is done.
 */
export async function crawlRepositories(context: Context, payload: Payload): Promise<void> {
  const lane = (await kindOfRun(context.db, payload.runId)) === 'poll' ? 'dirty' : 'sweep'
  return inLane(lane, () => crawlLeft(context, payload))
}

async function crawlLeft(context: Context, payload: Payload): Promise<void> {
  const { orgId, runId } = payload
  try {
    await bookedAsItGoes(context, runId, () => crawlOpen(context, payload))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await failRun(context, orgId, runId, error)
    return
  }
  await endRunWhenDone(context, orgId, runId)
}

async function crawlOpen(context: Context, { orgId, runId, repositories }: Payload): Promise<void> {
  const { db, source } = context
  const asked = repositories.map(({ id }) => BigInt(id))
  const open = new Set(await queuedRepositories(db, runId, asked))
  const left = repositories.filter(({ id }) => open.has(BigInt(id)))
  const listed = await source.look(left.map(({ nodeId }) => nodeId))
  await crawl(listed, {
    source,
    store: storeOf(context, runId),
    now: context.now(),
    leftOut: defaultPolicy.leftOut,
    releases: true,
    refs: true,
    settings: ids => storedSettings(db, ids),
  })
  await markGone(context, runId, left, new Set(listed.map(({ id }) => String(id))))
  await keepCapabilities(context, orgId)
}

function storeOf({ db, now, queue }: Context, runId: number): CrawlStore {
  return crawlStore(db, {
    runId,
    now,
    onSnapshots: async (transaction, snapshotIds) => {
      await queue.enqueue('scan-snapshots', { snapshotIds }, { transaction })
    },
  })
}

/** Listed a moment ago and absent now: deleted, moved away, or no longer to be seen. */
async function markGone(
  { db, now }: Context,
  runId: number,
  asked: Payload['repositories'],
  seen: ReadonlySet<string>,
): Promise<void> {
  const gone = asked.filter(({ id }) => !seen.has(id))
  if (gone.length === 0) return
  const reason = 'It was listed, and a moment later it was gone or the token could not see it.'
  await crawlStore(db, { runId, now }).saveOutcomes(
    gone.map(({ id, name }) => ({ repositoryId: BigInt(id), name, outcome: 'gone', reason })),
  )
}
