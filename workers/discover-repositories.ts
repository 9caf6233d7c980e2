import { isChanged, newestPush, type OrgListing, poll, sweep, type Take } from '#lib/crawl/listing.ts'
import type { ListedRepository } from '#lib/crawl/source.ts'
import { AppError } from '#lib/errors.ts'
import { GitHubTrouble } from '#lib/github/trouble.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { inTransaction } from '#lib/store/database.ts'
import { dropHints, readHints, saveMissed } from '#lib/store/hints.ts'
import { findOrg, markListed, type Org } from '#lib/store/orgs.ts'
import { knownRepositories, saveAbsences, saveListed } from '#lib/store/repositories.ts'
import {
  noteRun,
  queuedParts,
  queueRepositories,
  type RunKind,
  runningRun,
  saveOutcomes,
  startRun,
} from '#lib/store/runs.ts'
import { bookedAsItGoes, type Context, endRunWhenDone, failRun } from './context.ts'
import { isTimeForSettings } from './settings.ts'

const HOUR_MS = 3_600_000
// Pushes show in a poll; a deleted, renamed or unblocked repository only in a listing of everything.
const SWEEP_EVERY_MS = 24 * HOUR_MS
const BATCH = 100
/** So many are read at once of what is queued: jobs of a hundred. */
const PART = 2_000
/** So many hints are followed by one look, ten points; what is left waits for the next. */
const MOST_HINTS = 1_000

/**
 * Lists the organisation, all of it once a day and else what was pushed to since the last time, and asks for the
 * repositories to crawl. What is listed is saved part by part, and jobs are there once all of it is: a run that was
 * interrupted is taken up again from its beginning, and what it has done stays done.
 */
export async function discoverRepositories(
  context: Context,
  { orgId }: JobPayload<'discover-repositories'>,
): Promise<void> {
  const { db, queue } = context
  const org = await findOrg(db, orgId)
  if (org === null) throw new AppError('not-found', `There is no organisation ${orgId} in the store.`)
  const interrupted = await runningRun(db, orgId)
  // Its crawl jobs are still there: whoever runs them ends the run.
  if (interrupted !== null && (await queue.unfinished('crawl-repositories')) > 0) return
  const now = context.now()
  const runId = interrupted ?? (await startRun(db, { orgId, kind: kindOf(context, org, now), now }))
  try {
    await bookedAsItGoes(context, runId, () => listAndQueue(context, org, runId, now))
    await endRunWhenDone(context, orgId, runId)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await failRun(context, orgId, runId, error)
  }
}

function kindOf({ replay }: Context, { sweptAt, pushedUntil }: Org, now: Date): RunKind {
  if (replay) return 'replay'
  if (sweptAt === null) return 'first'
  return pushedUntil === null || +now - +sweptAt >= SWEEP_EVERY_MS ? 'sweep' : 'poll'
}

function isSweep(context: Context, org: Org, now: Date): boolean {
  const onlyPushed = context.replay ? org.sweptAt !== null : kindOf(context, org, now) === 'poll'
  return !onlyPushed || org.pushedUntil === null
}

async function list(context: Context, org: Org, hints: readonly string[], now: Date, take: Take): Promise<OrgListing> {
  const { pushedUntil } = org
  if (pushedUntil === null || isSweep(context, org, now)) return sweep(context.source, take)
  const seen = new Set<string>()
  const pushed = await poll(context.source, pushedUntil, part => {
    for (const { nodeId } of part) seen.add(nodeId)
    return take(part)
  })
  const hinted = hints.filter(nodeId => !seen.has(nodeId))
  const looked = hinted.length === 0 ? [] : await context.source.look(hinted)
  if (looked.length > 0) await take(looked)
  return { ...pushed, ids: new Set([...pushed.ids, ...looked.map(({ id }) => id)]) }
}

async function listAndQueue(context: Context, org: Org, runId: number, now: Date): Promise<void> {
  const { db, queue } = context
  await takeMissed(context, org.id, now)
  const { nodeIds, until } = await readHints(db, org.id, MOST_HINTS)
  const listsAll = isSweep(context, org, now)
  let { pushedUntil } = org
  const { ids, complete, reason } = await list(context, org, nodeIds, now, async part => {
    await keepListed(context, { orgId: org.id, runId, part, all: listsAll, now })
    pushedUntil = newestPush(part, pushedUntil)
  })
  if (reason !== null) await noteRun(db, runId, reason)
  await saveAbsences(db, { orgId: org.id, ids, complete, now })
  // First, so that most are judged by their settings at once; they wait for no requests that crawling can do without.
  if (isTimeForSettings(context, org, listsAll, now))
    await queue.enqueue('read-organisation', { orgId: org.id, runId }, { key: String(org.id) })
  await askForQueued(context, org.id, runId)
  await markListed(db, org.id, { pushedUntil, listenedAt: now, ...(complete ? { sweptAt: now } : {}) })
  if (until !== null) await dropHints(db, { orgId: org.id, nodeIds, until, now })
}

type Part = { orgId: number; runId: number; part: readonly ListedRepository[]; all: boolean; now: Date }

/** Saves what was listed, and writes down what of it the run is to look at; of a listing of `all`, what it need not, too. */
async function keepListed({ db }: Context, { orgId, runId, part, all, now }: Part): Promise<void> {
  const known = await knownRepositories(
    db,
    part.map(({ id }) => id),
  )
  await saveListed(db, orgId, part)
  const [wanted, same] = partition(part, repository => isChanged(repository, known.get(repository.id)))
  await inTransaction(db, async transaction => {
    await queueRepositories(transaction, runId, all ? part : wanted, now)
    if (all) await saveOutcomes(transaction, runId, same.map(unchanged), now)
  })
}

/** A job for each hundred, all of them at one time: none is run while the run may still grow. */
async function askForQueued({ db, queue }: Context, orgId: number, runId: number): Promise<void> {
  await inTransaction(db, async transaction => {
    for await (const part of queuedParts(transaction, runId, PART)) {
      for (const batch of chunks(part, BATCH)) {
        const asked = batch.map(({ id, nodeId, name }) => ({ id: String(id), nodeId, name }))
        await queue.enqueue('crawl-repositories', { orgId, runId, repositories: asked }, { transaction })
      }
    }
  })
}

/** What a webhook would have told is looked at as if it had; that GitHub cannot say so now keeps nothing from its course. */
async function takeMissed({ db, missed, log }: Context, orgId: number, now: Date): Promise<void> {
  if (missed === undefined) return
  try {
    await saveMissed(db, { orgId, missed: await missed(), now })
  } catch (error) {
    if (!(error instanceof GitHubTrouble)) throw error
    log.warn(error.message)
  }
}

function unchanged({ id, name }: ListedRepository) {
  return { repositoryId: id, name, outcome: 'unchanged', reason: null } as const
}

function partition<T>(values: readonly T[], belongs: (value: T) => boolean): [T[], T[]] {
  return [values.filter(belongs), values.filter(value => !belongs(value))]
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  const count = Math.ceil(values.length / size)
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size))
}
