/** Who answers for a repository, and how owners stand beside one another. */
import { z } from 'zod'
import { repositoriesHref } from './repositories.ts'

/** Where it is said that somebody owns a repository. */
export const OWNER_SOURCES = ['team', 'codeowners', 'property'] as const
export type OwnerSource = (typeof OWNER_SOURCES)[number]

/** A team by its slug, a person as `@login`, or as the organisation writes it. */
export type Owner = { name: string; sources: OwnerSource[] }

export type OwnersTold = { teams: string[] | null; codeOwners: string[]; propertyOwners: string[] }

/** Each owner once, with every source that names them. */
export function ownersFrom({ teams, codeOwners, propertyOwners }: OwnersTold): Owner[] {
  const told = { team: teams ?? [], codeowners: codeOwners, property: propertyOwners }
  const names = new Set(OWNER_SOURCES.flatMap(source => told[source]))
  return [...names].map(name => ({ name, sources: OWNER_SOURCES.filter(source => told[source].includes(name)) }))
}

export const OWNER_SORTS = ['change', 'findings', 'score', 'name'] as const
export const OWNER_DAYS = [7, 30, 90, 365] as const

/** The state of the owners' page: how far back is looked, and what stands first. */
export const ownersQuery = z.object({
  days: z.coerce
    .number()
    .refine(days => OWNER_DAYS.some(one => one === days))
    .default(30)
    .catch(30),
  sort: z.enum(OWNER_SORTS).default('change').catch('change'),
})
export type OwnersQuery = z.output<typeof ownersQuery>

export function ownersHref({ days, sort }: OwnersQuery): string {
  const search = new URLSearchParams({ ...(days !== 30 && { days: `${days}` }), ...(sort !== 'change' && { sort }) })
  return search.size === 0 ? '/owners' : `/owners?${search}`
}

/** The repositories that one owner answers for; one with two owners counts for both. Archived ones do not count. */
export type OwnerRow = Owner & {
  repositories: number
  /** Means of those that have a score; null where none has. */
  score: number | null
  change: number | null
  allMet: number
  /** Repositories whose score rose or fell by a point or more in the time. */
  up: number
  down: number
  findings: number
}

export type Owners = {
  rows: OwnerRow[]
  repositories: number
  /** Repositories that nobody answers for. */
  unowned: number
}

/** The list of an owner's repositories; of nobody's for null. */
export function ownedHref(owner: string | null, more: Parameters<typeof repositoriesHref>[0] = {}): string {
  return repositoriesHref({ ...(owner === null ? { unowned: 'yes' } : { owner }), ...more })
}
