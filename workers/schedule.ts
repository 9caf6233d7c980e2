import type { Logger } from '#lib/log.ts'
import type { Queue } from '#lib/queue/queue.ts'

export type Schedule = { queue: Pick<Queue, 'enqueue'>; orgId: number; minutes: number; log: Logger }

/** Asks for a look at the organisation now and every so many minutes; returns what ends that. One that still runs is enough. */
export async function keepCrawling({ queue, orgId, minutes, log }: Schedule): Promise<() => void> {
  const ask = () => queue.enqueue('discover-repositories', { orgId }, { key: String(orgId) })
  await ask()
  const timer = setInterval(() => {
    ask().catch((error: unknown) => log.warn({ error }, 'The next look could not be asked for; the one after will be.'))
  }, minutes * 60_000)
  return () => clearInterval(timer)
}
