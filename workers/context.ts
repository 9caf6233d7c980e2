import type { Source } from '#lib/crawl/source.ts'
import { type AppError, sentenceOf } from '#lib/errors.ts'
import type { GitHub } from '#lib/github/client.ts'
import type { MissedDelivery } from '#lib/github/deliveries.ts'
import type { Judges } from '#lib/judge/judges.ts'
import type { Logger } from '#lib/log.ts'
import type { Queue } from '#lib/queue/queue.ts'
import type { Database } from '#lib/store/database.ts'
import { markListed } from '#lib/store/orgs.ts'
import { addUsage, finishRunWhenDone, kindOfRun, stopRun } from '#lib/store/runs.ts'
import { scanCallers } from './scan-callers.ts'

/** What every job is handed: where things are, and the clock, so that the replay can tell it a date of last year. */
export type Context = {
  db: Database
  queue: Pick<Queue, 'enqueue' | 'unfinished'>
  /** The organisation at its host. */
  source: Source
  /** Who reads what is in repositories: processes that hold nothing of what this one holds. */
  judges: Judges
  /** Deliveries that did not reach us, where GitHub tells of them: to an app whose webhooks are taken here. */
  missed?: () => Promise<MissedDelivery[]>
  now(): Date
  log: Logger
  /** Whether this is history told again rather than a look at the present. */
  replay: boolean
  /**
   * Books on this run what was used of the host's limits since it was last called: for people who wait, whose looks run
   * beside a crawl, or else for all others.
   */
  bookUsage(runId: number, lane?: 'interactive'): Promise<void>
}

/** People watch what a run costs: it is booked while the work goes on, this often. */
const BOOKED_EVERY_MS = 1_000

/** `bookUsage` over the counters of one connection, which only ever grow. What could not be booked is booked the next time. */
export function usageBook(db: Database, github: Pick<GitHub, 'ledger' | 'budget'>): Context['bookUsage'] {
  const nothing = { rest: 0, points: 0, git: 0 }
  const booked = { interactive: nothing, others: nothing }
  return async (runId, lane) => {
    const { all, interactive } = github.ledger
    const whose = lane ?? 'others'
    const until = lane === 'interactive' ? { ...interactive } : minus(all, interactive)
    const used = minus(until, booked[whose])
    booked[whose] = until
    try {
      await addUsage(db, runId, { ...used, budget: github.budget })
    } catch (error) {
      booked[whose] = minus(booked[whose], used)
      throw error
    }
  }
}

/** Does a part of a run, and books what that uses: as it goes, and before its end, however it ends. */
export async function bookedAsItGoes(
  { bookUsage, log }: Context,
  runId: number,
  work: () => Promise<void>,
  lane?: 'interactive',
): Promise<void> {
  let booking = Promise.resolve()
  const late = (error: unknown) => log.warn({ error, runId }, 'What was used is booked later than it should be.')
  const timer = setInterval(() => {
    booking = bookUsage(runId, lane).catch(late)
  }, BOOKED_EVERY_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
    await booking
    await bookUsage(runId, lane)
  }
}

function minus(a: GitHub['spent'], b: GitHub['spent']): GitHub['spent'] {
  return { rest: a.rest - b.rest, points: a.points - b.points, git: a.git - b.git }
}

/** Ends a run in which nothing could go on, with the sentence that people read. The next look lists everything again. */
export async function failRun({ db, now, log }: Context, orgId: number, runId: number, error: AppError): Promise<void> {
  await stopRun(db, runId, sentenceOf(error), now())
  await markListed(db, orgId, { pushedUntil: null })
  log.warn({ code: error.code, runId }, error.message)
}

/** Ends a run in which nothing is left to do, once, and lets the slow questions follow it. */
export async function endRunWhenDone({ db, queue, now }: Context, orgId: number, runId: number): Promise<void> {
  if (!(await finishRunWhenDone(db, runId, now()))) return
  await scanCallers({ db, queue }, orgId)
  await queue.enqueue('read-settings', { orgId, runId }, { key: String(orgId) })
  if ((await kindOfRun(db, runId)) === 'sweep') await queue.enqueue('thin-history', { orgId }, { key: String(orgId) })
}
