import type { JobName, JobPayload } from './jobs.ts'
import type { Handler, Queue } from './queue.ts'

type Waiting = { name: JobName; payload: JobPayload<JobName>; key: string | null }
type Handlers = { [Name in JobName]: Handler<Name> }

/** A queue within this process: what is asked for waits until `drain` runs it, in order, with nothing left behind. */
export type InlineQueue = Pick<Queue, 'enqueue' | 'unfinished'> & {
  drain(handlers: Handlers, signal: AbortSignal): Promise<void>
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
    async drain(handlers, signal) {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        signal.throwIfAborted()
        const handler = handlers[job.name] as Handler<JobName>
        await handler(job.payload)
      }
    },
  }
}
