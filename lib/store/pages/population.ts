import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { type Histories, historiesOf, NO_SCAN } from '../histories.ts'
import { countedStanding } from './fragments.ts'

/** Repositories that figures are of: those that the asker sees and that are not archived now, of a team or of all. */
export type Asked = { scope: Scope; team?: string | undefined }

/** Repositories that have the same owners. `places`: of those that were judged, in the histories. */
type Kind = { teams: string[]; repositories: number; places: Int32Array }

export type Population = {
  histories: Histories
  kinds: Kind[]
  /** Those of every kind, in the order of the histories. */
  places: Int32Array
  /** What turns are of, by its number: `item:<id>` or `check:<id>`. */
  subjects: ReadonlyMap<number, string>
}

/** Everybody of the population with how they came to stand as they do. One query, and what of it is not held yet. */
export async function readPopulation(db: Database, { scope, team }: Asked): Promise<Population> {
  const own = team ? Prisma.sql` and ${team} = any(s.teams)` : Prisma.empty
  // As text in one row: many rows, or bytes, take several times as long to read. Most have the same owners as others.
  const [row] = await db.$queryRaw<[{ told: { teams: string[]; scans: string }[]; subjects: Record<string, string> }]>`
    with kinds as materialized (
      select min(s."repositoryId") as one, encode(string_agg(int4send(coalesce(s."scanId", ${NO_SCAN}::int)), ''::bytea), 'base64') as scans
      from "Standing" s where ${countedStanding(scope)}${own} group by s.owned)
    select (select coalesce(json_agg(json_build_object('teams', coalesce(s.teams, '{}'), 'scans', kinds.scans)), '[]')
        from kinds join "Standing" s on s."repositoryId" = kinds.one) as told,
      (select coalesce(jsonb_object_agg(k.id, k.name), '{}') from "Subject" k) as subjects`
  const told = row.told.map(({ teams, scans }) => ({ teams, scans: numbersIn(Buffer.from(scans, 'base64')) }))
  const { histories, places } = await historiesOf(
    db,
    told.map(({ scans }) => scans),
  )
  const kinds = told.map(({ teams, scans }) => ({ teams, repositories: scans.length, places: placed(scans, places) }))
  return {
    histories,
    kinds,
    places: joined(kinds.map(kind => kind.places)).sort(),
    subjects: new Map(Object.entries(row.subjects).map(([id, name]) => [Number(id), name])),
  }
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

function joined(lists: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
}

function numbersIn(packed: Buffer): Int32Array {
  const numbers = new Int32Array(packed.length / 4)
  for (let place = 0; place < numbers.length; place++) numbers[place] = packed.readInt32BE(place * 4)
  return numbers
}
