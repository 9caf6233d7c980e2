import type { Scope } from '../../api/frame.ts'
import { OWNER_SOURCES, type OwnerSource, type Owners } from '../../api/owners.ts'
import type { Database } from '../database.ts'
import { readPopulation } from './population.ts'
import { byName, changeOf, compared } from './standings.ts'

/** Every owner, by name, with how their repositories stand now and stood then. One query. */
export async function readOwners(db: Database, scope: Scope, since: Date): Promise<Owners> {
  const population = await readPopulation(db, scope)
  const sources = new Map<string, OwnerSource[]>()
  for (const owner of population.kinds.flatMap(({ owners }) => owners))
    sources.set(owner.name, [...(sources.get(owner.name) ?? []), ...owner.sources])
  const { summed } = compared(population, since)
  const rows = [...byName(summed, ({ owners }) => owners.map(({ name }) => name))].map(([name, sums]) => {
    const { repositories, allMet, up, down, findings } = sums
    const told = OWNER_SOURCES.filter(source => sources.get(name)?.includes(source))
    return { name, sources: told, repositories, allMet, up, down, findings, ...changeOf(sums) }
  })
  const count = (kinds: typeof population.kinds) => kinds.reduce((sum, { repositories }) => sum + repositories, 0)
  return {
    rows: rows.sort((a, b) => (a.name < b.name ? -1 : 1)),
    repositories: count(population.kinds),
    unowned: count(population.kinds.filter(({ owners }) => owners.length === 0)),
  }
}
