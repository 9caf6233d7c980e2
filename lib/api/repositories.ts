import { z } from 'zod'
import type { ItemId } from '../check.ts'
import type { Grade } from '../scan.ts'
import { SHOWN, type Shown } from './overview.ts'
import type { Owner } from './owners.ts'

export const PAGE_SIZE = 50
export const SORTS = ['name', 'score', 'change', 'hardening', 'findings', 'pushed'] as const
export const GRADES = ['A', 'B', 'C', 'D', 'F', 'none'] as const

/** What the table can show beside the name. */
export const LIST_COLUMNS = [
  { id: 'items', title: 'Items 1–6' },
  { id: 'score', title: 'Score' },
  { id: 'change', title: 'Change' },
  { id: 'hardening', title: 'Hardening' },
  { id: 'findings', title: 'Findings' },
  { id: 'owners', title: 'Owners' },
  { id: 'topics', title: 'Topics' },
  { id: 'crawled', title: 'Last look' },
  { id: 'pushed', title: 'Last push' },
] as const
export type ListColumn = (typeof LIST_COLUMNS)[number]['id']
const USUAL: readonly ListColumn[] = ['items', 'score', 'hardening', 'findings', 'pushed']

/** A list looks back no further. */
const MOST_DAYS = 3650
const DAY_MS = 24 * 3600 * 1000

/** The columns of a list that is about how scores changed. */
export const CHANGED = 'score,change,findings'

/** The columns that are asked for, in the table's order. */
export function columnsOf({ columns }: Pick<RepositoriesQuery, 'columns'>): readonly ListColumn[] {
  if (columns === undefined) return USUAL
  // As the column was called in addresses that people kept.
  const wanted = columns.split(',').map(id => (id === 'teams' ? 'owners' : id))
  return LIST_COLUMNS.filter(({ id }) => wanted.includes(id)).map(({ id }) => id)
}

const words = z.string().trim().max(200).optional().catch(undefined)

/**
 * The state of the repositories page, which stands in its address. What cannot be understood is left out rather than
 * refused, so that an old or mistyped link still shows a list.
 */
export const repositoriesQuery = z.object({
  q: words,
  item: words,
  check: words,
  outcome: z.enum(SHOWN).optional().catch(undefined),
  grade: z.enum(GRADES).optional().catch(undefined),
  met: z.enum(['all']).optional().catch(undefined),
  team: words,
  /** A team, person or other name, whoever says so: see `ownersFrom`. */
  owner: words,
  unowned: z.enum(['yes']).optional().catch(undefined),
  /** Those that whoever asks owns. */
  mine: z.enum(['yes']).optional().catch(undefined),
  topic: words,
  language: words,
  visibility: z.enum(['public', 'private', 'internal']).optional().catch(undefined),
  fork: z.enum(['yes', 'no']).optional().catch(undefined),
  archived: z.enum(['no', 'yes', 'all']).default('no').catch('no'),
  /** An outcome of the crawl; `read`: whole or in part, `waiting`: none yet. `reason`: exactly that one for it. */
  crawl: words,
  reason: z.string().max(1000).optional().catch(undefined),
  /** The score rose or fell by a point or more in `days`, over which the column of changes looks back too. */
  moved: z.enum(['up', 'down']).optional().catch(undefined),
  days: z.coerce.number().int().min(1).max(MOST_DAYS).default(30).catch(30),
  /** Names, with a comma between them: those that were picked by hand. */
  only: z
    .union([z.string().max(30_000), z.array(z.string().max(200)).max(500)])
    .transform(names => (Array.isArray(names) ? names.join(',') : names))
    .optional()
    .catch(undefined),
  /** Columns of the table beside the name, with a comma between them; absent: the usual ones. */
  columns: words,
  sort: z.enum(SORTS).default('score').catch('score'),
  order: z.enum(['asc', 'desc']).default('asc').catch('asc'),
  page: z.coerce.number().int().min(1).max(100_000).default(1).catch(1),
})

export type RepositoriesQuery = z.infer<typeof repositoriesQuery>

/** `own`: by what names the asker owns repositories; absent, nothing is theirs. */
export type RepositoriesAsk = RepositoriesQuery & { own?: readonly string[] }

export type RepositoryRow = {
  name: string
  visibility: string
  archived: boolean
  fork: boolean
  language: string | null
  owners: Owner[]
  score: number | null
  grade: Grade | null
  itemsMet: number
  itemsApplied: number
  hardening: number | null
  findings: number
  pushedAt: Date | null
  crawledAt: Date | null
  topics: string[]
  /** The score so many days ago as the list looks back; null where there was none. */
  scoreBefore: number | null
  crawl: string | null
  crawlReason: string | null
  /** The state of each of the six items; absent where the repository has not been judged. */
  states: Partial<Record<ItemId, Shown>>
}

export type Repositories = {
  rows: RepositoryRow[]
  total: number
  /** Everything that the filters can be set to. */
  owners: string[]
  topics: string[]
  languages: string[]
}

/** The address of a list; what stands at its default is left out, so that equal lists have equal addresses. */
export function repositoriesHref(query: Partial<RepositoriesQuery>): string {
  const defaults = repositoriesQuery.parse({})
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '' || value === defaults[key as keyof RepositoriesQuery]) continue
    search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? '/repositories' : `/repositories?${text}`
}

export function repositoryHref(name: string): string {
  return `/repositories/${encodeURIComponent(name)}`
}

/** A list of how scores changed since then: it looks back whole days, from now to within a day before. */
export function changedSince(since: Date, now: Date): Pick<RepositoriesQuery, 'sort' | 'days' | 'columns'> {
  const days = Math.ceil((now.getTime() - since.getTime()) / DAY_MS)
  return { sort: 'change', days: Math.min(days, MOST_DAYS), columns: CHANGED }
}
