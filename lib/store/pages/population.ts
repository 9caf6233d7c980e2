import type { Scope } from '../../api/frame.ts'
import { type Owner, type OwnersTold, ownersFrom } from '../../api/owners.ts'
import type { Database } from '../database.ts'
import { type Held, type Histories, heldNow, historiesOf, NO_SCAN } from '../histories.ts'
import { countedStanding } from './fragments.ts'

/** Repositories that have the same owners. `places`: of those that were judged, in the histories. */
type Kind = { teams: string[]; owners: Owner[]; repositories: number; places: Int32Array }

/** Repositories that figures are of: those that the asker sees and that are not archived now, of a team or of all. */
export type Population = {
  readonly histories: Histories
  kinds: Kind[]
  /** Those of every kind, in the order of the histories. */
  places: Int32Array
  /** What turns are of, by its number: `item:<id>` or `check:<id>`. */
  subjects: ReadonlyMap<number, string>
  /** What was worked out of it, by the question. */
  answers: Map<string, unknown>
}

type Known = { told: string; held: Held; population: Population }

/** By who asks, the latest last: what was told of whom they see, and the population that it is. */
const known = new WeakMap<Database, Map<string, Known>>()
/** Of so many askers: each takes some hundred kilobytes. */
const ASKERS = 32
/** So many answers are kept with a population. */
const ANSWERS = 32

/**
 * Everybody of the population with how they came to stand as they do. One query, and what of it is not held yet. As long as
 * nothing was judged, came or went it is the same object, so that what was worked out of it can be kept with it.
 */
export async function readPopulation(db: Database, scope: Scope): Promise<Population> {
  // As text in one row: many rows, or bytes, take several times as long to read. Most have the same owners as others.
  const [row] = await db.$queryRaw<[{ told: string }]>`
    with kinds as materialized (
      select min(s."repositoryId") as one, encode(string_agg(int4send(coalesce(s."scanId", ${NO_SCAN}::int)), ''::bytea), 'base64') as scans
      from "Standing" s where ${countedStanding(scope)} group by s.owned)
    select json_build_object(
      'kinds', (select coalesce(json_agg(json_build_object('scans', kinds.scans, 'teams', s.teams, 'codeOwners', coalesce(s."codeOwners", '{}'),
          'propertyOwners', coalesce(s."propertyOwners", '{}')) order by kinds.one), '[]')
        from kinds join "Standing" s on s."repositoryId" = kinds.one),
      'subjects', (select coalesce(jsonb_object_agg(k.id, k.name), '{}') from "Subject" k))::text as told`
  const asker = `${scope.orgId} ${scope.sees.all ? '' : scope.sees.userId}`
  const askers = known.get(db) ?? new Map<string, Known>()
  known.set(db, askers)
  const last = askers.get(asker)
  const isSame = last?.told === row.told && last.held === heldNow(db)
  const current = isSame ? last : await populationOf(db, row.told)
  askers.delete(asker)
  for (const first of askers.keys()) if (askers.size >= ASKERS) askers.delete(first)
  askers.set(asker, current)
  return current.population
}

type Told = { kinds: (OwnersTold & { scans: string })[]; subjects: Record<string, string> }

async function populationOf(db: Database, text: string): Promise<Known> {
  const { kinds: all, subjects }: Told = JSON.parse(text)
  const told = all.map(({ scans, ...owning }) => ({ owning, scans: numbersIn(Buffer.from(scans, 'base64')) }))
  const held = await historiesOf(
    db,
    told.map(({ scans }) => scans),
  )
  const kinds = told.map(({ owning, scans }) => ({
    ...{ teams: owning.teams ?? [], owners: ownersFrom(owning) },
    ...{ repositories: scans.length, places: placed(scans, held.places) },
  }))
  const population = {
    // Those that are held by then: older lists are let go.
    get histories() {
      return held.histories
    },
    ...{ kinds, places: placesOf(kinds), answers: new Map<string, unknown>() },
    subjects: new Map(Object.entries(subjects).map(([id, name]) => [Number(id), name])),
  }
  return { told: text, held, population }
}

/** What `work` makes of this population, worked out once for that question. */
export function once<T>({ answers }: Population, question: string, work: () => T): T {
  if (!answers.has(question)) {
    if (answers.size >= ANSWERS) answers.clear()
    answers.set(question, work())
  }
  return answers.get(question) as T
}

/** Of these those of that team. */
export function ofTeam({ kinds, ...population }: Population, team: string): Population {
  const own = kinds.filter(({ teams }) => teams.includes(team))
  return { ...population, kinds: own, places: placesOf(own), answers: new Map() }
}

/** Where those scans stand in the histories. */
export function placed(scans: Int32Array, places: ReadonlyMap<number, number>): Int32Array {
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

/** What `int4send` made of them. */
export function numbersIn(packed: Buffer): Int32Array {
  const numbers = new Int32Array(packed.length / 4)
  for (let place = 0; place < numbers.length; place++) numbers[place] = packed.readInt32BE(place * 4)
  return numbers
}
