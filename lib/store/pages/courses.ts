import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { Range } from '../../api/trends.ts'
import type { Database } from '../database.ts'
import { storable } from '../text.ts'
import { countedStanding } from './fragments.ts'

/** As the function `take_course` of the migration numbers states; 0 is none. */
export const STATES = ['', 'pass', 'fail', 'waived', 'unknown', 'not-applicable', 'error']
export const FAIL = STATES.indexOf('fail')
const EPOCH = Date.UTC(2000, 0, 1)
const DAY_MS = 24 * 3600 * 1000

/** On that day so many repositories came into a state of this item or check, less those that left it. */
export type Turn = { key: string; state: string; at: number; change: number }

/** On that day the sum of scores grew by so many points, and so many more repositories had one. */
export type ScoreTurn = { at: number; points: number; repositories: number }

/** Repositories that make a trend: those that the asker sees and that are not archived now, of a team or of all. */
export type Population = { scope: Scope; team: string | undefined }

export type Courses = { scores: ScoreTurn[]; items: Turn[]; check: Turn[] }

/**
 * How those repositories came to score and stand as they do: as a whole, in each item, and in that check. One query that
 * gives one row, so that they are gone through once.
 */
export async function readCourses(db: Database, of: Population, check?: string): Promise<Courses> {
  const turns = check
    ? Prisma.sql`c.checks[(select k.id from "Subject" k where k.name = ${storable(`check:${check}`)})]`
    : Prisma.sql`''::bytea`
  const columns = { scores: Prisma.sql`c.scores`, items: Prisma.sql`c.items`, check: turns }
  const { packed, subjects } = await packedOf(db, of, columns)
  return {
    scores: scoreTurnsOf(packed.scores),
    items: turnsOf(packed.items, subject => subjects.get(subject) ?? ''),
    check: turnsOf(packed.check, () => check ?? ''),
  }
}

function turnsOf(packed: Buffer, keyOf: (subject: number) => string): Turn[] {
  const sums = new Map<number, number>()
  for (let place = 0; place < packed.length; place += 4) {
    const turn = packed.readInt32BE(place)
    sums.set(turn, (sums.get(turn) ?? 0) + 1)
  }
  return [...sums].flatMap(([turn, count]) => {
    const key = keyOf((turn >> 6) & 1023)
    const at = dayOf(turn >> 16)
    const [past, now] = [STATES[(turn >> 3) & 7] ?? '', STATES[turn & 7] ?? '']
    const came = now === '' ? [] : [{ key, state: now, at, change: count }]
    return past === '' ? came : [...came, { key, state: past, at, change: -count }]
  })
}

function scoreTurnsOf(packed: Buffer): ScoreTurn[] {
  const days = new Map<number, ScoreTurn>()
  for (let place = 0; place < packed.length; place += 8) {
    const head = packed.readInt32BE(place)
    const day = days.get(head >> 2) ?? { at: dayOf(head >> 2), points: 0, repositories: 0 }
    day.points += packed.readFloatBE(place + 4)
    day.repositories += (head & 3) - 1
    days.set(head >> 2, day)
  }
  return [...days.values()]
}

export type Stand = { key: string; state: string; count: number; findings: number }

/** In how many repositories each check stands how, and with how many wrong places. One query that gives one row. */
export async function readStands(db: Database, scope: Scope): Promise<Stand[]> {
  // Many stand exactly alike, those without any workflow to begin with: each way is told once, behind its count and length.
  const [row] = await db.$queryRaw<[{ packed: string | null; subjects: Record<string, string> | null }]>`
    select encode(string_agg(int4send(w.repositories::int) || int4send(length(w.stands)) || w.stands, ''::bytea), 'base64') as packed,
      ${subjectsNamed('check')} as subjects
    from (select c.stands, count(*) as repositories from "Standing" s join "Course" c using ("repositoryId")
      where ${countedStanding(scope)} group by c.stands) w`
  // By what the low bits say, the subject and its state: there may be hundreds of thousands to add up.
  const counts = new Uint32Array(1 << 13)
  const places = new Float64Array(1 << 13)
  const packed = Buffer.from(row.packed ?? '', 'base64')
  for (let at = 0; at < packed.length; ) {
    const repositories = packed.readUInt32BE(at)
    const end = at + 8 + packed.readUInt32BE(at + 4)
    for (at += 8; at < end; at += 4) {
      const stood = packed.readInt32BE(at)
      const stand = stood & 8191
      counts[stand] = (counts[stand] ?? 0) + repositories
      places[stand] = (places[stand] ?? 0) + repositories * (stood >> 13)
    }
  }
  return [...numbered(row.subjects)].flatMap(([subject, key]) =>
    STATES.flatMap((state, number) => {
      const stand = (subject << 3) | number
      const count = counts[stand] ?? 0
      return state === '' || count === 0 ? [] : [{ key, state, count, findings: places[stand] ?? 0 }]
    }),
  )
}

/** Each column of all those repositories, one behind the other, and the items that numbers in there are of. */
async function packedOf<Name extends string>(
  db: Database,
  { scope, team }: Population,
  columns: Record<Name, Prisma.Sql>,
): Promise<{ packed: Record<Name, Buffer>; subjects: Map<number, string> }> {
  const own = team ? Prisma.sql` and ${team} = any(s.teams)` : Prisma.empty
  const names = Object.keys(columns) as Name[]
  // As text in columns of their own: bytes and lists take several times as long to read.
  const packed = names.map(
    name => Prisma.sql`encode(string_agg(${columns[name]}, ''::bytea), 'base64') as ${Prisma.raw(`"${name}"`)}`,
  )
  const [row] = await db.$queryRaw<[Record<Name, string | null> & { subjects: Record<string, string> | null }]>`
    select ${Prisma.join(packed)}, ${subjectsNamed('item')} as subjects
    from "Standing" s join "Course" c using ("repositoryId") where ${countedStanding(scope)}${own}`
  const read = names.map(name => [name, Buffer.from(row[name] ?? '', 'base64')])
  return {
    packed: Object.fromEntries(read),
    subjects: numbered(row.subjects),
  }
}

function subjectsNamed(kind: 'check' | 'item'): Prisma.Sql {
  return Prisma.sql`(
    select jsonb_object_agg(k.id, split_part(k.name, ':', 2)) from "Subject" k where starts_with(k.name, ${`${kind}:`}))`
}

function numbered(subjects: Record<string, string> | null): Map<number, string> {
  return new Map(Object.entries(subjects ?? {}).map(([id, key]) => [Number(id), key]))
}

/** By the step in which the day ends, those that lie in the range or before it. */
export function stepped<Dated extends { at: number }>(turns: readonly Dated[], range: Range) {
  return turns.flatMap(turn => {
    const step = stepOf(turn.at, range)
    return step === null ? [] : [{ ...turn, step }]
  })
}

/** The step in which that day ends, as `readTallySteps` counts it: 0 is what was there when the range began; null after it. */
function stepOf(day: number, { from, to, stepDays, ends }: Range): number | null {
  if (day > to.getTime()) return null
  const at = Math.min(day + DAY_MS - 1, to.getTime())
  if (at <= from.getTime()) return 0
  return ends.length - 1 - Math.floor((to.getTime() - at) / (stepDays * DAY_MS))
}

function dayOf(days: number): number {
  return EPOCH + days * DAY_MS
}
