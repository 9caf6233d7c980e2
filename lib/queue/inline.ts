import type { JobName, JobPayload } from './jobs.ts'
import type { Handler, Queue } from './queue.ts'

type Waiting = { name: JobName; payload: JobPayload<JobName>; key: string | null }
type Handlers = { [Name in JobName]: Handler<Name> }

/** A queue within this process: what is asked for waits until `drain` runs it, in order, with nothing left behind. */
export type InlineQueue = Pick<Queue, 'enqueue' | 'unfinished'> & {
  /**
   * `atOnce`: how many jobs of a name that follow each other may run side by side, one unless given; those of another name
   * wait for all of them. Where one fails, those beside it are waited for, and its error is thrown.
   */
  drain(handlers: Handlers, signal: AbortSignal, atOnce?: Readonly<Partial<Record<JobName, number>>>): Promise<void>
}

/** For a crawl that is run to its end in one go. What a killed process leaves undone is found by the next one's discovery. */
export function inlineQueue(): InlineQueue {
  const waiting: Waiting[] = []
  return {
    async enqueue(name, payload, { key } = {}) {
      if (key !== undefined && waiting.some(job => job.name === name && job.key === key)) return false
      waiting.push({ name, payload, key: key ?? null })
      return true
    },
    unfinished: async name => waiting.filter(job => name === undefined || job.name === name).length,
    async drain(handlers, signal, atOnce = {}) {
      const running = new Map<Promise<void>, JobName>()
      const mayRun = ({ name }: Waiting) =>
        running.size < (atOnce[name] ?? 1) && [...running.values()].every(other => other === name)
      try {
        while (waiting.length + running.size > 0) {
          signal.throwIfAborted()
          const [job] = waiting
          if (job === undefined || !mayRun(job)) {
            await Promise.race(running.keys())
            continue
          }
          waiting.shift()
          const handler = handlers[job.name] as Handler<JobName>
          const run: Promise<void> = handler(job.payload).finally(() => running.delete(run))
          running.set(run, job.name)
        }
      } finally {
        await Promise.allSettled(running.keys())
      }
    },
  }
}
