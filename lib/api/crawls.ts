import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { unlessTold } from './events.ts'

const budget = z.object({ limit: z.number(), remaining: z.number(), resetAt: z.string() })

/** One run over the organisation. `done` of `total` repositories have an outcome; dates are ISO texts. */
export const crawlRun = z.object({
  id: z.number(),
  kind: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  total: z.number(),
  done: z.number(),
  outcomes: z.record(z.string(), z.number()),
  rest: z.number(),
  points: z.number(),
  git: z.number(),
  budget: z.object({ core: budget.nullish(), graphql: budget.nullish() }).nullable(),
})
export type CrawlRun = z.infer<typeof crawlRun>

/** A part of each budget that a crawl leaves for people who wait. */
const KEPT = 0.2

/** Whether all that is left of a budget is kept for people who wait: a crawl gets more when the next hour begins. */
export function isKept({ limit, remaining }: { limit: number; remaining: number }): boolean {
  return remaining <= limit * KEPT
}

/**
 * When a run that is under way will be done, by its pace so far; not before the next hour where both budgets are used up.
 * null where nothing can be told yet.
 */
export function doneBy(run: CrawlRun, now: Date): Date | null {
  const { unchanged = 0 } = run.outcomes
  // What had not changed was done at a stroke, and says nothing of the pace.
  const read = run.done - unchanged
  if (run.state !== 'running' || read <= 0 || run.done >= run.total) return null
  const pace = (now.getTime() - Date.parse(run.startedAt)) / read
  const byPace = now.getTime() + pace * (run.total - run.done)
  const budgets = [run.budget?.core, run.budget?.graphql].filter(budget => budget != null)
  const isUsedUp = budgets.length === 2 && budgets.every(isKept)
  const full = isUsedUp ? Math.min(...budgets.map(({ resetAt }) => Date.parse(resetAt))) : 0
  return new Date(Math.max(byPace, full))
}

const MINUTE_MS = 60_000
/** GitHub may ask for a pause until the next hour; what is late by more than that and some looks is not coming. */
const LATE_LOOKS = 4
const LEAST_PATIENCE = 120

/** For how long, in milliseconds, nothing need be heard of a worker that looks every so many minutes. */
export function patienceOf(crawlMinutes: number): number {
  return Math.max(LATE_LOOKS * crawlMinutes, LEAST_PATIENCE) * MINUTE_MS
}

/** What a page that is open needs to keep up: the newest run, and a mark that changes when there is more to show. */
export const progress = z.object({ run: crawlRun.nullable(), scanned: z.number(), mark: z.string() })
export type Progress = z.infer<typeof progress>

export const NOTHING_YET: Progress = { run: null, scanned: 0, mark: 'nothing' }

const RUNNING_MS = 1_000
const STARTING_MS = 2_000
const IDLE_MS = 20_000

export const progressOptions = queryOptions({
  queryKey: ['progress'],
  queryFn: async ({ signal }) => {
    const response = await fetch('/api/progress', { signal })
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
    return progress.parse(await response.json())
  },
  // Asking often only while something moves keeps an open tab from being a load.
  refetchInterval: ({ state: { data, status } }) => {
    // What failed is asked for again, also where changes are told: that the database is back is no change in it.
    if (status === 'error') return IDLE_MS
    if (!data?.run) return unlessTold(STARTING_MS)
    return unlessTold(data.run.state === 'running' || data.run.kind === 'replay' ? RUNNING_MS : IDLE_MS)
  },
})

/** Repositories that could not be read, by why. `names` are the first of them. */
export type Trouble = { outcome: string; reason: string | null; count: number; names: string[] }

/** The demo's history, told to the store before the first crawl: many runs with dates in the past, summed up. */
export type Replayed = { runs: number; from: Date; until: Date; rest: number; points: number; git: number }

export type Crawls = {
  /** Without the replayed ones. */
  runs: CrawlRun[]
  replayed: Replayed | null
  troubles: Trouble[]
  capabilities: { name: string; state: 'ok' | 'denied' | 'absent'; reason: string | null }[]
}
