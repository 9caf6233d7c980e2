/** What the organisation's repositories use, and the state of the page that asks it. */
import { z } from 'zod'

export const KINDS = ['packages', 'actions'] as const
export type InventoryKind = (typeof KINDS)[number]
export const INVENTORY_PAGE = 50

/** Characters of the longest cursor of a list, with room for every name that the store holds. */
export const MOST_CURSOR = 10_000

const cursor = z.string().max(MOST_CURSOR).optional().catch(undefined)
const words = z.string().trim().max(300).optional().catch(undefined)

/** What cannot be understood is left out rather than refused, so that an old or mistyped link still shows a list. */
export const inventoryQuery = z.object({
  kind: z.enum(KINDS).default('packages').catch('packages'),
  /** What a name begins with: a package's whole name or its last part, or a part of an action's. */
  q: words,
  ecosystem: words,
  /** One package or action, whose uses are shown: a purl, `owner/repo` or `docker://image`; with or without version. */
  of: words,
  /** Behind which row a list goes on, or up to which it is gone back: a cursor of the page that was shown. */
  after: cursor,
  upTo: cursor,
  /** Of a repository's inventory where it is on; else only said, as the cursors tell which rows are shown. */
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
})
export type InventoryQuery = z.output<typeof inventoryQuery>

/** The purl types that lockfile readers tell, as they are written in a `Package`. */
export const ECOSYSTEMS = [
  'bazel',
  'cargo',
  'cocoapods',
  'composer',
  'conda',
  'deno',
  'gem',
  'golang',
  'gradle',
  'helm',
  'hex',
  'maven',
  'nix',
  'npm',
  'nuget',
  'pub',
  'pypi',
  'swift',
  'terraform',
] as const

/** A package (`base`: its purl without the version) or an action, and how far it has spread. */
export type InUse = {
  base: string
  name: string
  /** Of packages: the ecosystem. Null for actions. */
  ecosystem: string | null
  /** Different versions, or refs of an action, in use. */
  versions: number
  repositories: number
}

/** A place that names it. `immutable`: by a hash, a full commit or a digest, so that nobody can put other content there. */
export type InUseAt = {
  repository: string
  /** The commit at which the file was read. */
  commit: string | null
  path: string
  line: number
  /** The package's name, or what `uses:` says. */
  name: string
  /** Its purl; the same as the name for actions. */
  what: string
  version: string | null
  immutable: boolean
}

/** `next` and `previous`: cursors, null at the list's ends. */
export type InventoryPage<Row> = { rows: Row[]; next: string | null; previous: string | null }

/** Everything of one kind that a repository's files name. */
export type RepositoryInventory = {
  rows: Omit<InUseAt, 'repository' | 'commit'>[]
  name: string
  commit: string | null
  total: number
}

/** The address of a state of the page; what stands at its default is left out. `path`: of the page, without a query. */
export function inventoryHref(query: Partial<InventoryQuery>, path = '/inventory'): string {
  const defaults = inventoryQuery.parse({})
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '' || value === defaults[key as keyof InventoryQuery]) continue
    search.set(key, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/** The address of the page of a list that is turned to, the first one in front of the second. */
export function turnedHref(
  query: InventoryQuery,
  { next, previous }: Omit<InventoryPage<unknown>, 'rows'>,
  to: number,
): string {
  const forward = next !== null && to > query.page
  const back = previous !== null && to > 1 && !forward
  const cursors = { after: forward ? next : undefined, upTo: back ? previous : undefined }
  return inventoryHref({ ...query, ...cursors, page: forward || back ? to : 1 })
}
