import { crawlRepositories as crawl } from '#lib/crawl/crawl.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { crawlStore } from '#lib/store/crawl-store.ts'
import type { Session } from '#lib/store/database.ts'
import { beginLook } from '#lib/store/looks.ts'
import { saveProperties } from '#lib/store/owners.ts'
import { saveAbsences, saveListed, saveTopics } from '#lib/store/repositories.ts'
import { finishRunWhenDone, queuedRepositories, stopRun } from '#lib/store/runs.ts'
import { dueForSettings, renewSnapshots, saveSettings, storedSettings } from '#lib/store/settings.ts'
import { bookedAsItGoes, type Context } from './context.ts'
import { scanAgain } from './scan-again.ts'
import { keepCapabilities, readOwnSettings } from './settings.ts'

type Looked = NonNullable<Awaited<ReturnType<typeof beginLook>>>

/**
 * Looks at one repository, content and settings, because somebody waits for it: about ten requests. Killed in the middle
 * it is run again and finds what is done. Where it cannot go on that is told on this run; a crawl is not touched.
 */
export async function lookAgain(context: Context, { orgId, runId }: JobPayload<'look-again'>): Promise<void> {
  const { db, now } = context
  const repository = await beginLook(db, runId)
  if (repository === null) return
  try {
    if ((await queuedRepositories(db, runId)).length > 0)
      await bookedAsItGoes(context, runId, () => look(context, { orgId, runId, repository }), 'interactive')
    await finishRunWhenDone(db, runId, now())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await stopRun(db, runId, sentenceOf(error), now())
  }
}

async function look(
  context: Context,
  { orgId, runId, repository }: { orgId: number; runId: number; repository: Looked },
): Promise<void> {
  const { db, source, queue } = context
  const now = context.now()
  const onSnapshots = async (transaction: Session, snapshotIds: readonly number[]) => {
    await queue.enqueue('scan-snapshots', { snapshotIds: [...snapshotIds] }, { transaction, urgent: true })
  }
  const store = crawlStore(db, { runId, now: context.now, onSnapshots })
  const [listed] = await source.look([repository.nodeId])
  if (listed === undefined) {
    const reason = 'GitHub does not know it any more, or the token cannot see it.'
    await store.saveOutcomes([{ repositoryId: repository.id, name: repository.name, outcome: 'gone', reason }])
    return
  }
  await saveListed(db, orgId, [listed])
  await saveAbsences(db, { orgId, ids: [listed.id], complete: false, now })
  if (!listed.archived) {
    const told = await source.settingsOfOne(listed)
    await saveSettings(db, told.settings)
    await saveTopics(db, told.topics)
    await saveProperties(db, told.properties)
  }
  await crawl([listed], {
    source,
    store,
    now,
    leftOut: defaultPolicy.leftOut,
    releases: true,
    refs: true,
    settings: ids => storedSettings(db, ids),
  })
  // Repositories without workflows have nothing of what only a repository tells of itself.
  const own = await dueForSettings(db, { orgId, before: now, runId: null, most: 1, among: [listed.id] })
  if (own.length > 0) await readOwnSettings(context, own)
  await keepCapabilities(context, orgId)
  await renewSnapshots(db, { orgId, now, among: [listed.id] }, onSnapshots)
  await scanAgain(context, orgId, [listed.id])
}
