import { AppError } from '#lib/errors.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { kindOfRun } from '#lib/store/runs.ts'
import { countSettable, dueForSettings } from '#lib/store/settings.ts'
import { bookedAsItGoes, type Context } from './context.ts'
import { keepCapabilities, readOwnSettings, takeChangedSettings } from './settings.ts'

const DAY_MS = 86_400_000
const EVERY_DAYS = 7
const REPLAYED_EVERY_DAYS = 28
/** A run asks no more repositories than this, or than a seventh of all, so that a week is enough for any number of them. */
const MOST = 500

/**
 * Asks repositories with workflows for what only they tell of themselves, once a week each: after a poll those that it
 * crawled for the first time, after a listing of everything whoever is due. Killed in the middle it is left to the next run.
 */
export async function readSettings(context: Context, { orgId, runId }: JobPayload<'read-settings'>): Promise<void> {
  const { db, log } = context
  const due = await dueForSettings(db, { orgId, ...(await turnOf(context, orgId, runId)) })
  if (due.length === 0) return
  await bookedAsItGoes(context, runId, async () => {
    try {
      await readOwnSettings(context, due)
      await takeChangedSettings(context, orgId)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // The run itself is done; whoever is left is due the next time.
      log.warn({ code: error.code, runId }, error.message)
    }
    await keepCapabilities(context, orgId)
  })
}

async function turnOf({ db, replay, now }: Context, orgId: number, runId: number) {
  const kind = await kindOfRun(db, runId)
  const isSweep = kind === 'first' || kind === 'sweep'
  const days = replay ? REPLAYED_EVERY_DAYS : EVERY_DAYS
  const most = Math.max(MOST, Math.ceil((await countSettable(db, orgId)) / EVERY_DAYS))
  return { before: new Date(+now() - days * DAY_MS), runId: isSweep ? null : runId, most }
}
