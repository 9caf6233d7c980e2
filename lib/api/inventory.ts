/** What the organisation's repositories use, and the state of the page that asks it. */
import { z } from 'zod'

export const KINDS = ['packages', 'actions'] as const
export type InventoryKind = (typeof KINDS)[number]
export const INVENTORY_PAGE = 50

const words = z.string().trim().max(300).optional().catch(undefined)

/** What cannot be understood is left out rather than refused, so that an old or mistyped link still shows a list. */
export const inventoryQuery = z.object({
  kind: z.enum(KINDS).default('packages').catch('packages'),
  /** What a name begins with: a package's whole name or its last part, or a part of an action's. */
  q: words,
  ecosystem: words,
  /** One package or action, whose uses are shown: a purl, `owner/repo` or `docker://image`; with or without version. */
  of: words,
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

export type InventoryPage<Row> = { rows: Row[]; more: boolean }

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
