/** What pages and server agree on about waivers: their closed lists, what can be asked, and how one is shown. */
import { z } from 'zod'

export const WAIVER_REASONS = [
  { id: 'false-positive', title: 'The check is wrong here' },
  { id: 'mitigated', title: 'Another control covers it' },
  { id: 'fix-planned', title: 'The fix is planned' },
  { id: 'fix-blocked', title: 'It cannot be fixed yet' },
  { id: 'retiring', title: 'The code is being retired' },
  { id: 'risk-accepted', title: 'The risk is accepted' },
] as const
export type WaiverReason = (typeof WAIVER_REASONS)[number]['id']

const REASON_IDS = WAIVER_REASONS.map(({ id }) => id)

/** What a waiver is over: one finding, a glob of paths (of one check or of all), one check, or all of a repository. */
const target = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('finding'), checkId: z.string().max(100), fingerprint: z.string().max(100) }),
  z.object({
    scope: z.literal('path'),
    checkId: z.string().max(100).nullable(),
    path: z.string().trim().min(1, 'A path is needed, for example docs/**.').max(500),
  }),
  z.object({ scope: z.literal('check'), checkId: z.string().max(100) }),
  z.object({ scope: z.literal('repository') }),
])
export type WaiverTarget = z.output<typeof target>

const words = z.string().trim().min(10, 'Say in a sentence why: ten letters at least.').max(1_000)
/** The last day on which it is in force, in UTC. */
const lastDay = z.iso.date('An end date is needed.')

export const waiverWish = z.object({
  repository: z.string().min(1).max(200),
  target,
  reason: z.enum(REASON_IDS, 'Choose a reason.'),
  words,
  lastDay,
})
export type WaiverWish = z.output<typeof waiverWish>

/** More than a page of the list shows are not picked by hand. */
const MOST_AT_ONCE = 100

/** One check in many repositories. */
export const waiverWishes = z.object({
  repositories: z
    .array(z.string().min(1).max(200))
    .min(1, 'Pick a repository.')
    .max(MOST_AT_ONCE, `Pick ${MOST_AT_ONCE} repositories at most.`),
  checkId: z.string().min(1, 'Choose a check.').max(100),
  reason: z.enum(REASON_IDS, 'Choose a reason.'),
  words,
  lastDay,
})
export type WaiverWishes = z.output<typeof waiverWishes>

/** What became of it, by repository. */
export type ManyWaived = { saved: string[]; refused: { repository: string; why: string }[] }
/** `problem`: none of it was looked at. */
export type ManyAnswer = ManyWaived | { problem: string }

/** What can be done to a waiver that was asked for. `words` may stay empty where the deed says enough. */
export const waiverDecision = z.discriminatedUnion('deed', [
  z.object({ deed: z.literal('grant'), id: z.int(), lastDay, words: z.string().trim().max(1_000) }),
  z.object({ deed: z.literal('renew'), id: z.int(), lastDay, words }),
  z.object({ deed: z.literal('refuse'), id: z.int(), words }),
  z.object({ deed: z.literal('revoke'), id: z.int(), words }),
  z.object({ deed: z.literal('withdraw'), id: z.int() }),
])
export type WaiverDecision = z.output<typeof waiverDecision>

/** `expired` is told by the clock from `granted`. */
export const WAIVER_STATES = ['asked', 'granted', 'expired', 'refused', 'revoked', 'withdrawn'] as const
export type WaiverState = (typeof WAIVER_STATES)[number]

export type WaiverRow = {
  id: number
  repository: string
  scope: WaiverTarget['scope']
  checkId: string | null
  fingerprint: string | null
  path: string | null
  /** What it is about, as it read when it was asked for. */
  subject: string
  reason: WaiverReason
  words: string
  state: WaiverState
  askedAt: Date
  askedBy: string
  askedName: string
  decidedAt: Date | null
  decidedName: string | null
  /** The first moment in which it is in force no more. */
  until: Date
  /** Open findings that it covers now. */
  findings: number
}

export type WaiverEventRow = { at: Date; name: string; what: string; until: Date | null; words: string }

export type WaiverWithHistory = WaiverRow & { events: WaiverEventRow[] }

/** Which part of the list: what waits for a decision, is in force, ends soon, is over, or all. */
export const WAIVER_LISTS = ['asked', 'in-force', 'ending', 'over', 'all'] as const
export type WaiverList = (typeof WAIVER_LISTS)[number]

/** Days before its end from which a waiver is said to end soon. */
export const ENDING_DAYS = 14
export const WAIVERS_PAGE = 50

export const waiversQuery = z.object({
  list: z.enum(WAIVER_LISTS).optional().catch(undefined),
  repository: z.string().trim().max(200).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
})
export type WaiversQuery = z.output<typeof waiversQuery>

export type Waivers = {
  list: WaiverList
  rows: WaiverWithHistory[]
  total: number
  counts: Record<WaiverList, number>
}

export function waiversHref(query: Partial<WaiversQuery>): string {
  const search = new URLSearchParams()
  if (query.list) search.set('list', query.list)
  if (query.repository) search.set('repository', query.repository)
  if (query.page !== undefined && query.page > 1) search.set('page', String(query.page))
  const text = search.toString()
  return text === '' ? '/waivers' : `/waivers?${text}`
}

const DAY_MS = 86_400_000

/** The end of that day in UTC: the first moment in which a waiver until then is in force no more. */
export function endOf(lastDay: string): Date {
  return new Date(Date.parse(lastDay) + DAY_MS)
}

/** The last day of a waiver that ends then, and the last one that may be asked for, as `YYYY-MM-DD` in UTC. */
export function lastDayOf(until: Date): string {
  return new Date(until.getTime() - 1).toISOString().slice(0, 10)
}

export function latestLastDay(now: Date, longestDays: number): string {
  return new Date(now.getTime() + longestDays * DAY_MS).toISOString().slice(0, 10)
}

/** What a decision answers: nothing, or why not. */
export type WaiverAnswer = { refused: string | null }
