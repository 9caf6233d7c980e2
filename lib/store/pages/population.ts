import type { Scope } from '../../api/frame.ts'
import { type Owner, type OwnersTold, ownersFrom } from '../../api/owners.ts'
import type { Database } from '../database.ts'
import { type Histories, historiesOf, NO_SCAN } from '../histories.ts'
import { countedStanding } from './fragments.ts'

/** Repositories that have the same owners. `places`: of those that were judged, in the histories. */
type Kind = { teams: string[]; owners: Owner[]; repositories: number; places: Int32Array }

/** Repositories that figures are of: those that the asker sees and that are not archived now, of a team or of all. */
export type Population = {
  histories: Histories
  kinds: Kind[]
  /** Those of every kind, in the order of the histories. */
  places: Int32Array
  /** What turns are of, by its number: `item:<id>` or `check:<id>`. */
  subjects: ReadonlyMap<number, string>
}

/** Everybody of the population with how they came to stand as they do. One query, and what of it is not held yet. */
export async function readPopulation(db: Database, scope: Scope): Promise<Population> {
  // As text in one row: many rows, or bytes, take several times as long to read. Most have the same owners as others.
  const [row] = await db.$queryRaw<[{ told: (OwnersTold & { scans: string })[]; subjects: Record<string, string> }]>`
    with kinds as materialized (
      select min(s."repositoryId") as one, encode(string_agg(int4send(coalesce(s."scanId", ${NO_SCAN}::int)), ''::bytea), 'base64') as scans
      from "Standing" s where ${countedStanding(scope)} group by s.owned)
    select (select coalesce(json_agg(json_build_object('scans', kinds.scans, 'teams', s.teams, 'codeOwners', coalesce(s."codeOwners", '{}'),
          'propertyOwners', coalesce(s."propertyOwners", '{}'))), '[]')
        from kinds join "Standing" s on s."repositoryId" = kinds.one) as told,
      (select coalesce(jsonb_object_agg(k.id, k.name), '{}') from "Subject" k) as subjects`
  const told = row.told.map(({ scans, ...owning }) => ({ owning, scans: numbersIn(Buffer.from(scans, 'base64')) }))
  const { histories, places } = await historiesOf(
    db,
    told.map(({ scans }) => scans),
  )
  const kinds = told.map(({ owning, scans }) => ({
    ...{ teams: owning.teams ?? [], owners: ownersFrom(owning) },
    ...{ repositories: scans.length, places: placed(scans, places) },
  }))
  return {
    histories,
    kinds,
    places: placesOf(kinds),
    subjects: new Map(Object.entries(row.subjects).map(([id, name]) => [Number(id), name])),
  }
}

/** Of these those of that team. */
export function ofTeam({ kinds, ...population }: Population, team: string): Population {
  const own = kinds.filter(({ teams }) => teams.includes(team))
  return { ...population, kinds: own, places: placesOf(own) }
}

function placed(scans: Int32Array, places: ReadonlyMap<number, number>): Int32Array {
  const found = new Int32Array(scans.length)
  let count = 0
  for (const scan of scans) {
    const place = places.get(scan)
    if (place !== undefined) found[count++] = place
  }
  return found.subarray(0, count)
}

function placesOf(kinds: readonly Kind[]): Int32Array {
  const all = new Int32Array(kinds.reduce((sum, { places }) => sum + places.length, 0))
  let at = 0
  for (const { places } of kinds) {
    all.set(places, at)
    at += places.length
  }
  return all.sort()
}

function numbersIn(packed: Buffer): Int32Array {
  const numbers = new Int32Array(packed.length / 4)
  for (let place = 0; place < numbers.length; place++) numbers[place] = packed.readInt32BE(place * 4)
  return numbers
}
