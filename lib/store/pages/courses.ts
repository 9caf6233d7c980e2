import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { Range } from '../../api/trends.ts'
import type { Database } from '../database.ts'
import { storable } from '../text.ts'
import { counted } from './fragments.ts'

/** As the function `take_course` of the migration numbers states; 0 is none. */
const STATES = ['', 'pass', 'fail', 'waived', 'unknown', 'not-applicable', 'error']
export const FAIL = STATES.indexOf('fail')
const EPOCH = Date.UTC(2000, 0, 1)
const DAY_MS = 24 * 3600 * 1000

/** On that day so many repositories came into a state of this item or check, less those that left it. */
export type Turn = { key: string; state: string; at: number; change: number }

/** On that day the sum of scores grew by so many points, and so many more repositories had one. */
export type ScoreTurn = { at: number; points: number; repositories: number }

/** Repositories that make a trend: those that the asker sees and that are not archived now, of a team or of all. */
export type Population = { scope: Scope; team: string | undefined }

/** How those repositories came to stand in each item, or in that check. One query that gives one row. */
export async function readTurns(db: Database, of: Population, check?: string): Promise<Turn[]> {
  const turns = check
    ? Prisma.sql`c.checks[(select k.id from "Subject" k where k.name = ${storable(`check:${check}`)})]`
    : Prisma.sql`c.items`
  const { packed, subjects } = await packedOf(db, of, turns, 'item')
  const sums = new Map<number, number>()
  for (let place = 0; place < packed.length; place += 4) {
    const turn = packed.readInt32BE(place)
    sums.set(turn, (sums.get(turn) ?? 0) + 1)
  }
  return [...sums].flatMap(([turn, count]) => {
    const key = check ?? subjects.get((turn >> 6) & 1023) ?? ''
    const at = dayOf(turn >> 16)
    const [past, now] = [STATES[(turn >> 3) & 7] ?? '', STATES[turn & 7] ?? '']
    const came = now === '' ? [] : [{ key, state: now, at, change: count }]
    return past === '' ? came : [...came, { key, state: past, at, change: -count }]
  })
}

/** How the scores of those repositories came to be what they are. One query that gives one row. */
export async function readScoreTurns(db: Database, of: Population): Promise<ScoreTurn[]> {
  const { packed } = await packedOf(db, of, Prisma.sql`c.scores`)
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
  const { packed, subjects } = await packedOf(db, { scope, team: undefined }, Prisma.sql`c.stands`, 'check')
  const stands = new Map<number, Stand>()
  for (let place = 0; place < packed.length; place += 4) {
    const stood = packed.readInt32BE(place)
    const key = subjects.get((stood >> 3) & 1023)
    const state = STATES[stood & 7] ?? ''
    if (key === undefined || state === '') continue
    const stand = stands.get(stood & 8191) ?? { key, state, count: 0, findings: 0 }
    stand.count += 1
    stand.findings += stood >> 13
    stands.set(stood & 8191, stand)
  }
  return [...stands.values()]
}

/** Where the columns of all those repositories are put one behind the other, and what the numbers in there are of. */
async function packedOf(db: Database, { scope, team }: Population, column: Prisma.Sql, kind = 'none') {
  const own = team ? Prisma.sql` and ${team} = any(r.teams)` : Prisma.empty
  const [row] = await db.$queryRaw<[{ packed: string | null; subjects: Record<string, string> | null }]>`
    select encode(string_agg(${column}, ''::bytea), 'base64') as packed,
      (select jsonb_object_agg(k.id, split_part(k.name, ':', 2)) from "Subject" k where starts_with(k.name, ${`${kind}:`})) as subjects
    from "Repository" r join "Course" c on c."repositoryId" = r.id where ${counted(scope)}${own}`
  return {
    packed: Buffer.from(row.packed ?? '', 'base64'),
    subjects: new Map(Object.entries(row.subjects ?? {}).map(([id, key]) => [Number(id), key])),
  }
}

/** The step in which that day ends, as `readTallySteps` counts it: 0 is what was there when the range began; null after it. */
export function stepOf(day: number, { from, to, stepDays, ends }: Range): number | null {
  if (day > to.getTime()) return null
  const at = Math.min(day + DAY_MS - 1, to.getTime())
  if (at <= from.getTime()) return 0
  return ends.length - 1 - Math.floor((to.getTime() - at) / (stepDays * DAY_MS))
}

function dayOf(days: number): number {
  return EPOCH + days * DAY_MS
}
