import type { Logger } from '#lib/log.ts'
import type { Queue } from '#lib/queue/queue.ts'
import type { Database } from '#lib/store/database.ts'
import { oldestHint } from '#lib/store/hints.ts'
import { endWaivers } from '#lib/store/laying.ts'
import { openLooks } from '#lib/store/looks.ts'
import { currentPolicy, openTrials } from '#lib/store/policies.ts'
import { testState } from '#lib/store/token-tests.ts'
import { type Listening as Listens, listener } from './listen.ts'

type Listening = { db: Database; queue: Pick<Queue, 'enqueue'>; orgId: number; log: Logger }
export type Schedule = { queue: Pick<Queue, 'enqueue'>; orgId: number; minutes: number; log: Logger }

// Pushes come in bursts: what follows within some seconds is looked at together.
const LISTEN_MS = 3_000

/**
 * Asks for a look soon after a webhook told of something; returns what ends that. Hints lie in the database, so that the
 * process that takes webhooks needs no queue, and none is lost while no worker runs.
 */
export function followHints({ db, queue, orgId, log }: Listening): () => void {
  const look = async () => {
    if ((await oldestHint(db, orgId)) === null) return
    await queue.enqueue('discover-repositories', { orgId }, { key: String(orgId) })
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ error }, 'Hints could not be read; they wait.'))
  }, LISTEN_MS)
  return () => clearInterval(timer)
}

// Somebody watches the page.
const LOOKS_MS = 1_000

/** Has done what people asked to be looked at now, which the process that shows pages writes down; returns what ends that. */
export function followLooks({ db, queue, orgId, log }: Listening, now: () => Date): () => void {
  const look = async () => {
    for (const runId of await openLooks(db, orgId, now()))
      await queue.enqueue('look-again', { orgId, runId }, { key: String(runId), urgent: true })
  }
  return repeat(look, LOOKS_MS, error => log.warn({ error }, 'Looks that were asked for could not be read; they wait.'))
}

// A push is to be seen within a minute, which the crawl and the page have their parts of.
const PUSHES_MS = 20_000

/**
 * Listens for pushes where no webhook tells of them, for a point each time: `orgs` that share the points share the turns.
 * Returns what ends that.
 */
export function followPushes(listening: Listens, orgId: number, orgs: number, log: Logger): () => void {
  const every = PUSHES_MS * orgs
  // Workers take turns, and none of them is late because another was early.
  const look = listener(listening, orgId, every * 0.9)
  return repeat(look, every, error =>
    log.warn({ error }, 'Pushes could not be listened for; the next look finds them.'),
  )
}

// A waiver ends at midnight or when somebody takes it back: nobody sees that it was noticed a moment later.
const WAIVERS_MS = 2_000

/** Lets what waivers covered count again once their time is over; returns what ends that. */
export function followWaivers({ db, now, log }: { db: Database; now: () => Date; log: Logger }): () => void {
  const look = async () => {
    const ended = await endWaivers(db, now())
    if (ended > 0) log.info({ ended }, 'Waivers ended; what they covered counts again.')
  }
  const failed = 'Waivers could not be looked at; the next look will end them as of their time.'
  return repeat(look, WAIVERS_MS, error => log.warn({ error }, failed))
}

const POLICY_MS = 1_500

/**
 * Has policies tried that somebody wrote, and everything judged again once one was saved; returns what ends that. Both lie
 * in the database, so that the process that shows pages needs no queue.
 */
export function followPolicy({ db, queue, orgId, log }: Listening, scanAgain: () => Promise<void>): () => void {
  let seen: number | null = null
  const look = async () => {
    for (const trialId of await openTrials(db, orgId))
      await queue.enqueue('try-policy', { orgId, trialId }, { key: String(trialId) })
    const { number } = await currentPolicy(db, orgId)
    // What was saved before this worker began is judged by its beginning.
    if (seen !== null && seen !== number) await scanAgain()
    seen = number
  }
  return repeat(look, POLICY_MS, error =>
    log.warn({ error }, 'The policy could not be looked at; it is looked at again.'),
  )
}

const TESTS_MS = 2_000

/**
 * Has the token tested when somebody asks for it, on a page; and forgets refusals once any worker tested it. Returns what
 * ends that.
 */
export function followTests({ db, queue, orgId, log }: Listening, forget: () => void): () => void {
  let seen: number | null = null
  const look = async () => {
    const { askedAt, testedAt } = await testState(db, orgId)
    if (askedAt !== null) await queue.enqueue('test-token', { orgId }, { key: String(orgId) })
    if (seen !== null && testedAt !== null && +testedAt !== seen) forget()
    seen = testedAt === null ? 0 : +testedAt
  }
  return repeat(look, TESTS_MS, error =>
    log.warn({ error }, 'Whether the token is to be tested could not be asked; it is asked again.'),
  )
}

/** Runs `look` again and again, never twice at once; returns what ends that. */
function repeat(look: () => Promise<unknown>, everyMs: number, onError: (error: unknown) => void): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    look()
      .catch(onError)
      .finally(() => {
        busy = false
      })
  }, everyMs)
  return () => clearInterval(timer)
}

/** Asks for a look at the organisation now and every so many minutes; returns what ends that. One that still runs is enough. */
export async function keepCrawling({ queue, orgId, minutes, log }: Schedule): Promise<() => void> {
  const ask = () => queue.enqueue('discover-repositories', { orgId }, { key: String(orgId) })
  await ask()
  const timer = setInterval(() => {
    ask().catch((error: unknown) => log.warn({ error }, 'The next look could not be asked for; the one after will be.'))
  }, minutes * 60_000)
  return () => clearInterval(timer)
}
