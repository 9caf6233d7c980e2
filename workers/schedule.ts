import type { Logger } from '#lib/log.ts'
import type { Queue } from '#lib/queue/queue.ts'
import type { Database } from '#lib/store/database.ts'
import { oldestHint } from '#lib/store/hints.ts'
import { endWaivers } from '#lib/store/laying.ts'

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

// A waiver ends at midnight or when somebody takes it back: nobody sees that it was noticed a moment later.
const WAIVERS_MS = 2_000

/** Lets what waivers covered count again once their time is over; returns what ends that. */
export function followWaivers({ db, now, log }: { db: Database; now: () => Date; log: Logger }): () => void {
  let busy = false
  const look = async () => {
    if (busy) return
    busy = true
    try {
      const ended = await endWaivers(db, now())
      if (ended > 0) log.info({ ended }, 'Waivers ended; what they covered counts again.')
    } catch (error) {
      log.warn({ error }, 'Waivers could not be looked at; the next look will end them as of their time.')
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void look(), WAIVERS_MS)
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
