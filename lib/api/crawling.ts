/** What the page of crawls shows of now, and asks for again and again while it is open. */
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { crawlRun } from './crawls.ts'
import { unlessTold } from './events.ts'

/** In the order of their turns. */
export const LANES = ['interactive', 'dirty', 'sweep', 'slow'] as const

const budget = z.object({
  resource: z.enum(['core', 'graphql']),
  limit: z.number(),
  /** What no worker has taken yet. */
  remaining: z.number(),
  /** null: the hour is over, and the next begins with the next request. */
  resetAt: z.string().nullable(),
  /** The host asked for a pause until then. */
  pausedUntil: z.string().nullable(),
})
export type Budget = z.infer<typeof budget>

const lane = z.object({
  lane: z.enum(LANES),
  /** How much waits or is under way in it: looks, repositories, jobs. */
  waiting: z.number(),
  /** The fraction of a budget that it leaves to those before it. */
  leaves: z.number(),
})
export type Lane = z.infer<typeof lane>

export const crawling = z.object({
  /** When this was so. */
  at: z.string(),
  run: crawlRun.nullable(),
  /** Since when the run that is under way has settled no repository, where that is long ago; null: it goes on. */
  quietSince: z.string().nullable(),
  /** Of the account on which the organisation is crawled; empty where the host has no limits, or was not asked yet. */
  budgets: z.array(budget),
  lanes: z.array(lane),
})
export type Crawling = z.infer<typeof crawling>

const BUSY_MS = 1_000
const IDLE_MS = 5_000

export const crawlingOptions = queryOptions({
  queryKey: ['crawling'],
  queryFn: async ({ signal }) => {
    const response = await fetch('/api/crawls', { signal })
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
    return crawling.parse(await response.json())
  },
  refetchInterval: ({ state: { data } }) =>
    unlessTold(data?.lanes.some(({ waiting }) => waiting > 0) ? BUSY_MS : IDLE_MS),
})
