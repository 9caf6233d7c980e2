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
/** As many days as a turn can name. */
const DAYS = 1 << 15

/** How repositories came into their states of what `keyOf` names, packed as `Course` packs them. */
type Turns = { packed: Buffer; keyOf: (subject: number) => string }

/** Repositories that make a trend: those that the asker sees and that are not archived now, of a team or of all. */
export type Population = { scope: Scope; team: string | undefined }

export type Courses = { scores: Buffer; items: Turns; check: Turns }

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
    scores: packed.scores,
    items: { packed: packed.items, keyOf: subject => subjects.get(subject) ?? '' },
    check: { packed: packed.check, keyOf: () => check ?? '' },
  }
}

/** In that step so many repositories came into a state of this item or check, less those that left it. */
export type TurnStep = { key: string; step: number; state: string; change: number }

/** The same turns by the step of the range in which their day ends, those that lie in the range or before it. */
export function turnSteps(turns: Turns, range: Range): TurnStep[] {
  return turnsBy(turns, range.ends.length, day => stepOf(day, range))
}

/** The same turns by step 0 up to the day in which that time lies, and 1 after it. */
export function turnsAround(turns: Turns, at: Date): TurnStep[] {
  return turnsBy(turns, 2, day => (day <= at.getTime() ? 0 : 1))
}

// There are hundreds of thousands of turns, and a few hundred days and kinds of them: those are looked up once.
function turnsBy({ packed, keyOf }: Turns, steps: number, stepOfDay: (day: number) => number | null): TurnStep[] {
  const stepAt = remembered(stepOfDay)
  const kinds: number[] = []
  const places = new Uint16Array(1 << 16)
  let counts = new Int32Array(64 * steps)
  const words = wordsOf(packed)
  for (let at = 0; at < packed.length; at += 4) {
    const turn = words.getInt32(at)
    const step = stepAt(turn >> 16)
    if (step < 0) continue
    const kind = turn & 0xffff
    let place = places[kind] ?? 0
    if (place === 0) {
      place = kinds.push(kind)
      places[kind] = place
      if (place * steps > counts.length) counts = doubled(counts)
    }
    const cell = (place - 1) * steps + step
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  return kinds.flatMap((kind, place) => {
    const key = keyOf(kind >> 6)
    const [past, now] = [STATES[(kind >> 3) & 7] ?? '', STATES[kind & 7] ?? '']
    return [...counts.subarray(place * steps, (place + 1) * steps)].flatMap((count, step) => {
      if (count === 0) return []
      const came = now === '' ? [] : [{ key, step, state: now, change: count }]
      return past === '' ? came : [...came, { key, step, state: past, change: -count }]
    })
  })
}

function doubled(counts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(counts.length * 2)
  larger.set(counts)
  return larger
}

function wordsOf(packed: Buffer): DataView {
  return new DataView(packed.buffer, packed.byteOffset, packed.length)
}

/** In that step the sum of scores grew by so many points, and so many more repositories had one. */
export type ScoreStep = { step: number; points: number; repositories: number }

/** The same scores by the step of the range in which their day ends. */
export function scoreSteps(packed: Buffer, range: Range): ScoreStep[] {
  const stepAt = remembered(day => stepOf(day, range))
  const points = new Float64Array(range.ends.length)
  const repositories = new Int32Array(range.ends.length)
  const words = wordsOf(packed)
  for (let at = 0; at < packed.length; at += 8) {
    const head = words.getInt32(at)
    const step = stepAt(head >> 2)
    if (step < 0) continue
    points[step] = (points[step] ?? 0) + words.getFloat32(at + 4)
    repositories[step] = (repositories[step] ?? 0) + (head & 3) - 1
  }
  return range.ends.map((_, step) => ({ step, points: points[step] ?? 0, repositories: repositories[step] ?? 0 }))
}

/** By the number of a day its step, worked out once; -1 where it lies in none. */
function remembered(stepOfDay: (day: number) => number | null): (day: number) => number {
  const steps = new Int32Array(DAYS).fill(-2)
  return day => {
    const known = steps[day] ?? -2
    if (known !== -2) return known
    const step = stepOfDay(dayOf(day)) ?? -1
    steps[day] = step
    return step
  }
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
  const among = Prisma.sql`c."repositoryId" in (select s."repositoryId" from "Standing" s where ${countedStanding(scope)}${own})`
  // A team has few: they are looked up. Of all those seen the numbers are noted first, where a join would note the wide rows.
  const counting = team ? among : Prisma.sql`(${among}) is true`
  const [row] = await db.$queryRaw<[Record<Name, string | null> & { subjects: Record<string, string> | null }]>`
    select ${Prisma.join(packed)}, ${subjectsNamed('item')} as subjects from "Course" c where ${counting}`
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

/** The step in which that day ends, as `readTallySteps` counts it: 0 is what was there when the range began; null after it. */
function stepOf(day: number, { from, to, stepDays, ends }: Range): number | null {
  if (day > to.getTime()) return null
  const at = Math.min(day + DAY_MS - 1, to.getTime())
  if (at <= from.getTime()) return 0
  return ends.length - 1 - Math.floor((to.getTime() - at) / (stepDays * DAY_MS))
}

/** The day in which that time lies, as courses number it. */
export function dayNumber(at: Date): number {
  return Math.floor((at.getTime() - EPOCH) / DAY_MS)
}

function dayOf(days: number): number {
  return EPOCH + days * DAY_MS
}
