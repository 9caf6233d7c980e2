/** What can be taken out as a file, and what its columns mean. Names of columns are kept: people script against them. */
import { z } from 'zod'
import { ITEMS, SECTIONS } from '../check.ts'
import { SHOWN } from './overview.ts'
import { type RepositoriesQuery, repositoriesHref, repositoriesQuery } from './repositories.ts'
import { type TrendsQuery, trendsHref, trendsQuery } from './trends.ts'
import { WAIVER_REASONS } from './waivers.ts'

export const EXPORTS = ['repositories', 'checks', 'findings', 'waivers', 'inventory', 'trend'] as const
export type ExportName = (typeof EXPORTS)[number]

/** Which file, of the repositories that a list shows. `bom` for spreadsheets that take UTF-8 for something else. */
export const exportQuery = repositoriesQuery.extend({
  format: z.enum(['csv', 'json']).default('csv'),
  bom: z.enum(['yes', 'no']).default('no'),
  fixed: z.enum(['yes', 'no']).default('no'),
  /** Of the trend: from and to which day, and whether it is every item's instead of one. */
  from: trendsQuery.shape.from,
  to: trendsQuery.shape.to,
  curves: z.enum(['items']).optional().catch(undefined),
})
export type ExportQuery = z.output<typeof exportQuery>

type Column = { name: string; says: string }

const OF_REPOSITORY: readonly Column[] = [
  { name: 'repository', says: 'Its name within the organisation' },
  { name: 'commit', says: 'The commit that was judged' },
  { name: 'scanned_at', says: 'When it was judged, ISO 8601 in UTC' },
  { name: 'checklist_version', says: 'Changes when a check is added, removed or changes its meaning' },
  { name: 'policy', says: 'Changes when the organisation demands something else' },
]

const STATES = 'pass, fail, waived, unknown (could not look) or not-applicable; empty where it was not judged'

export const COLUMNS: Record<ExportName, readonly Column[]> = {
  repositories: [
    ...OF_REPOSITORY,
    { name: 'visibility', says: 'public, private or internal' },
    { name: 'archived', says: 'true or false' },
    { name: 'fork', says: 'true or false' },
    { name: 'language', says: 'The main one, as GitHub tells it' },
    { name: 'topics', says: 'With a space between them' },
    { name: 'teams', says: 'With a space between them' },
    { name: 'owners', says: 'By team, CODEOWNERS and custom property, with a comma between them' },
    { name: 'score', says: '0–100 over the six items; empty where nothing applied' },
    { name: 'grade', says: 'A to F' },
    { name: 'items_met', says: 'How many of the six items are met' },
    { name: 'items_applied', says: 'How many of them applied' },
    { name: 'hardening', says: '0–100 over the sections beyond the minimum' },
    { name: 'open_findings', says: 'Places that are wrong, without the waived ones' },
    { name: 'waived_findings', says: 'Places that are wrong and accepted for a time' },
    { name: 'crawl_outcome', says: 'ok, partial, empty, denied, gone, blocked or failed' },
    { name: 'crawl_reason', says: 'Why it could not be read' },
    { name: 'crawled_at', says: 'When it was last looked at' },
    ...[...ITEMS, ...SECTIONS].map(({ id, title }) => ({ name: columnOf(id), says: `${title}: ${STATES}` })),
  ],
  checks: [
    ...OF_REPOSITORY,
    { name: 'item', says: 'One of the six items or a section' },
    { name: 'check', says: 'The check’s id' },
    { name: 'check_version', says: 'Raised when its meaning changes' },
    { name: 'outcome', says: 'pass, fail, waived, not-applicable, unknown or error' },
    { name: 'reason', says: 'Why it could not look' },
    { name: 'examined', says: 'How many places were judged' },
    { name: 'failing', says: 'How many of them are wrong, without the waived ones' },
    { name: 'waived', says: 'How many are wrong and accepted for a time' },
    { name: 'value', says: '0–1; empty where it leaves the score' },
  ],
  findings: [
    ...OF_REPOSITORY,
    { name: 'check', says: 'The check’s id' },
    { name: 'fingerprint', says: 'The same for the same finding, also when its line moves' },
    { name: 'state', says: 'open, waived or fixed' },
    { name: 'path', says: 'The file' },
    { name: 'start_line', says: 'From 1' },
    { name: 'end_line', says: 'Included' },
    { name: 'message', says: 'What is wrong, and what to do' },
    { name: 'weight', says: '1, or 0.5 where the place is half right' },
    { name: 'fix', says: 'safe or review where a patch comes with it' },
    { name: 'first_seen', says: 'When a scan first saw it' },
    { name: 'first_commit', says: 'The commit of that scan' },
    { name: 'fixed_at', says: 'When a scan first missed it' },
    { name: 'fixed_commit', says: 'The commit of that scan' },
    { name: 'waiver', says: 'The number of the waiver that stands over it' },
    { name: 'waived_until', says: 'The first moment in which it counts again' },
  ],
  waivers: [
    { name: 'repository', says: 'Its name within the organisation' },
    { name: 'waiver', says: 'Its number' },
    { name: 'state', says: 'asked, granted, expired, refused, revoked or withdrawn' },
    { name: 'scope', says: 'finding, path, check or repository' },
    { name: 'check', says: 'The check’s id; empty where it is of every check' },
    { name: 'path', says: 'The paths that it covers' },
    { name: 'fingerprint', says: 'The finding that it covers' },
    { name: 'subject', says: 'What it is about, as it read when it was asked for' },
    { name: 'reason', says: WAIVER_REASONS.map(({ id }) => id).join(', ') },
    { name: 'words', says: 'Why, in words' },
    { name: 'asked_at', says: 'When it was asked for' },
    { name: 'asked_by', says: 'By whom, as shown then' },
    { name: 'decided_at', says: 'When it was granted or refused' },
    { name: 'decided_by', says: 'By whom, as shown then' },
    { name: 'until', says: 'The first moment in which it is in force no more' },
    { name: 'findings', says: 'Open findings that it covers now' },
  ],
  inventory: [
    ...OF_REPOSITORY,
    { name: 'kind', says: 'package or action' },
    { name: 'ecosystem', says: 'Of a package: npm, pypi, …; empty for an action' },
    { name: 'name', says: 'The package’s name, or what uses: says' },
    { name: 'purl', says: 'The package URL; empty for an action' },
    { name: 'version', says: 'The locked one, or what the action’s ref points to; empty where none is said' },
    { name: 'path', says: 'The file that names it' },
    { name: 'line', says: 'From 1' },
    { name: 'immutable', says: 'true where a hash, a full commit or a digest fixes its content' },
  ],
  trend: [
    { name: 'week_to', says: 'The end of the step, ISO 8601 in UTC: a day where the time is short, else of weeks' },
    { name: 'of', says: 'score, or the item, section or check' },
    { name: 'team', says: 'The team; empty for everybody' },
    { name: 'score', says: 'Of the score the mean of the scores then; empty before the first' },
    { name: 'share', says: 'Of an item or check the share that passes of those judged, 0–100' },
    { name: 'repositories', says: 'How many had a score, or were judged' },
    ...SHOWN.map(state => ({ name: columnName(state), says: `Of an item or check: repositories that are ${state}` })),
  ],
}

/** The column of an item or section in the list of repositories. */
export function columnOf(id: string): string {
  return `item_${columnName(id)}`
}

export function columnName(id: string): string {
  return id.replaceAll('-', '_')
}

/** The address of the file with exactly the trend that the page at `trendsHref(query)` draws, or with every item's. */
export function trendFileHref(query: TrendsQuery, curves?: 'items'): string {
  const search = new URL(trendsHref(query), 'http://here').searchParams
  if (curves !== undefined) search.set('curves', curves)
  return `/api/exports/trend${search.size === 0 ? '' : `?${search}`}`
}

/** The address of the file with exactly what the list at `repositoriesHref(query)` shows. */
export function exportHref(
  what: ExportName,
  query: Partial<RepositoriesQuery>,
  more: { format?: 'json'; bom?: 'yes'; fixed?: 'yes' } = {},
): string {
  const search = new URL(repositoriesHref({ ...query, page: 1 }), 'http://here').searchParams
  for (const [key, value] of Object.entries(more)) search.set(key, value)
  const text = search.toString()
  return `/api/exports/${what}${text === '' ? '' : `?${text}`}`
}

/** The page with every file of the repositories that the list shows. */
export function exportsHref(query: Partial<RepositoriesQuery>): string {
  return repositoriesHref({ ...query, page: 1 }).replace('/repositories', '/exports')
}
