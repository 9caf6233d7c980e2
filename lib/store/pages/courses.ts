import type { Range } from '../../api/trends.ts'
import { DAY_MS, dayNumber, EPOCH, NONE } from '../histories.ts'
import { once, type Population } from './population.ts'

/** As the function `take_course` of the migration numbers states; 0 is none. */
export const STATES = ['', 'pass', 'fail', 'waived', 'unknown', 'not-applicable', 'error']
export const FAIL = STATES.indexOf('fail')
/** As many days as a turn can name. */
const DAYS = 1 << 15

/** In that step so many repositories came into a state of this item or check, less those that left it. */
export type TurnStep = { key: string; step: number; state: string; change: number }

/** How they came into their states of items by the step of the range in which the day ends, those in the range or before it. */
export function itemSteps(population: Population, range: Range): TurnStep[] {
  return once(population, `items by step ${nameOf(range)}`, () =>
    turnsBy(population, 'items', range.ends.length, day => stepOf(day, range)),
  )
}

/** The same of that check. */
export function checkSteps(population: Population, check: string, range: Range): TurnStep[] {
  const subject = numberOf(population.subjects, check)
  if (subject === undefined) return []
  return once(population, `check ${check} by step ${nameOf(range)}`, () =>
    turnsBy(population, 'checks', range.ends.length, day => stepOf(day, range), subject),
  )
}

/** The same of items by step 0 up to the day in which that time lies, and 1 after it. */
export function itemsAround(population: Population, at: Date): TurnStep[] {
  return once(population, `items around ${dayNumber(at.getTime())}`, () =>
    turnsBy(population, 'items', 2, day => (day <= at.getTime() ? 0 : 1)),
  )
}

// There are hundreds of thousands of turns, and a few hundred days and kinds of them: those are looked up once.
function turnsBy(
  { histories, places, subjects }: Population,
  of: 'items' | 'checks',
  steps: number,
  stepOfDay: (day: number) => number | null,
  alone?: number,
): TurnStep[] {
  const stepAt = remembered(stepOfDay)
  const kinds: number[] = []
  const rows = new Uint16Array(1 << 16)
  let counts = new Int32Array(64 * steps)
  const { from, numbers } = histories[of]
  for (const place of places) {
    const end = from[place + 1] ?? 0
    for (let at = from[place] ?? 0; at < end; at++) {
      const turn = numbers[at] ?? 0
      if (alone !== undefined && (turn & 0xffff) >> 6 !== alone) continue
      const step = stepAt(turn >> 16)
      if (step < 0) continue
      const kind = turn & 0xffff
      let row = rows[kind] ?? 0
      if (row === 0) {
        row = kinds.push(kind)
        rows[kind] = row
        if (row * steps > counts.length) counts = doubled(counts)
      }
      const cell = (row - 1) * steps + step
      counts[cell] = (counts[cell] ?? 0) + 1
    }
  }
  return kinds.flatMap((kind, row) => {
    const [, key = ''] = (subjects.get(kind >> 6) ?? '').split(':')
    const [past, now] = [STATES[(kind >> 3) & 7] ?? '', STATES[kind & 7] ?? '']
    return [...counts.subarray(row * steps, (row + 1) * steps)].flatMap((count, step) => {
      if (count === 0) return []
      const came = now === '' ? [] : [{ key, step, state: now, change: count }]
      return past === '' ? came : [...came, { key, step, state: past, change: -count }]
    })
  })
}

/** A check that fails: by the repository and its latest scan, and the day on which it came to. */
export type Failing = { id: number; scanId: number; check: string; day: number }

/** The checks that fail now and were judged otherwise at the end of the day in which that time lies. */
export function newlyFailing({ histories, places, subjects }: Population, since: Date): Failing[] {
  const { id, scanId, checks } = histories
  const { from, numbers: turns } = checks
  const then = dayNumber(since.getTime())
  const failing: Failing[] = []
  for (const place of places) {
    const begin = from[place] ?? 0
    const end = from[place + 1] ?? 0
    for (let at = begin; at < end; at++) {
      const turn = turns[at] ?? 0
      if ((turn & 7) !== FAIL || turn >> 16 <= then) continue
      const subject = (turn & 0xffff) >> 6
      const isOfSame = (other: number) =>
        other >= begin && other < end && ((turns[other] ?? 0) & 0xffff) >> 6 === subject
      if (isOfSame(at + 1)) continue
      let past = at - 1
      while (isOfSame(past) && (turns[past] ?? 0) >> 16 > then) past -= 1
      const state = isOfSame(past) ? (turns[past] ?? 0) & 7 : 0
      if (state === 0 || state === FAIL) continue
      const [, check = ''] = (subjects.get(subject) ?? '').split(':')
      failing.push({ id: id[place] ?? 0, scanId: scanId[place] ?? 0, check, day: turn >> 16 })
    }
  }
  return failing
}

function doubled(counts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(counts.length * 2)
  larger.set(counts)
  return larger
}

/** In that step the sum of scores grew by so many points, and so many more repositories had one. */
export type ScoreStep = { step: number; points: number; repositories: number }

/** How they came by their scores, by the step of the range in which the day ends. */
export function scoreSteps(population: Population, range: Range): ScoreStep[] {
  return once(population, `scores by step ${nameOf(range)}`, () => scoresBy(population, range))
}

function scoresBy({ histories, places }: Population, range: Range): ScoreStep[] {
  const stepAt = remembered(day => stepOf(day, range))
  const points = new Float64Array(range.ends.length)
  const repositories = new Int32Array(range.ends.length)
  const { from, day, score } = histories.past
  for (const place of places) {
    const end = from[place + 1] ?? 0
    let before = NONE
    for (let turn = from[place] ?? 0; turn < end; turn++) {
      const now = score[turn] ?? NONE
      const step = stepAt(day[turn] ?? 0)
      if (step >= 0) {
        points[step] = (points[step] ?? 0) + Math.max(0, now) - Math.max(0, before)
        repositories[step] = (repositories[step] ?? 0) + Number(now !== NONE) - Number(before !== NONE)
      }
      before = now
    }
  }
  return range.ends.map((_, step) => ({ step, points: points[step] ?? 0, repositories: repositories[step] ?? 0 }))
}

/** By the number of a day its step, worked out once; -1 where it lies in none. */
function remembered(stepOfDay: (day: number) => number | null): (day: number) => number {
  const steps = new Int32Array(DAYS).fill(-2)
  return day => {
    const known = steps[day] ?? -2
    if (known !== -2) return known
    const step = stepOfDay(startOf(day).getTime()) ?? -1
    steps[day] = step
    return step
  }
}

export type Stand = { key: string; state: string; count: number; findings: number }

/** In how many repositories each check stands how, and with how many wrong places. */
export function checkStands(population: Population): Stand[] {
  return once(population, 'how checks stand', () => standsOf(population))
}

function standsOf({ histories, places, subjects }: Population): Stand[] {
  // By what the low bits say, the subject and its state: there are hundreds of thousands to add up.
  const counts = new Uint32Array(1 << 13)
  const wrong = new Float64Array(1 << 13)
  const { from, numbers } = histories.stands
  for (const place of places) {
    const end = from[place + 1] ?? 0
    for (let at = from[place] ?? 0; at < end; at++) {
      const stood = numbers[at] ?? 0
      const stand = stood & 8191
      counts[stand] = (counts[stand] ?? 0) + 1
      wrong[stand] = (wrong[stand] ?? 0) + (stood >> 13)
    }
  }
  return [...subjects].flatMap(([subject, name]) => {
    const [kind, key = ''] = name.split(':')
    if (kind !== 'check') return []
    return STATES.flatMap((state, number) => {
      const stand = (subject << 3) | number
      const count = counts[stand] ?? 0
      return state === '' || count === 0 ? [] : [{ key, state, count, findings: wrong[stand] ?? 0 }]
    })
  })
}

function numberOf(subjects: Population['subjects'], check: string): number | undefined {
  return [...subjects].find(([, name]) => name === `check:${check}`)?.[0]
}

/** A check that fails in a repository as of its latest scan. `wrong`: in how many places. */
export type Fails = { id: number; scanId: number; wrong: number }

export function failingNow({ histories, places, subjects }: Population, check: string): Fails[] {
  const { id, scanId, stands } = histories
  const subject = numberOf(subjects, check) ?? 0
  const failing: Fails[] = []
  for (const place of places) {
    const at = (stands.from[place] ?? 0) + subject - 1
    const stood = subject > 0 && at < (stands.from[place + 1] ?? 0) ? (stands.numbers[at] ?? 0) : 0
    if ((stood & 7) !== FAIL) continue
    failing.push({ id: id[place] ?? 0, scanId: scanId[place] ?? 0, wrong: stood >> 13 })
  }
  return failing
}

/** Ranges are alike whose days are: a step ends with a day. */
function nameOf({ from, to, stepDays, ends }: Range): string {
  return [dayNumber(from.getTime()), dayNumber(to.getTime()), stepDays, ends.length].join(' ')
}

/** The step in which that day ends: 0 is what was there when the range began; null after it. */
function stepOf(day: number, { from, to, stepDays, ends }: Range): number | null {
  if (day > to.getTime()) return null
  const at = Math.min(day + DAY_MS - 1, to.getTime())
  if (at <= from.getTime()) return 0
  return ends.length - 1 - Math.floor((to.getTime() - at) / (stepDays * DAY_MS))
}

/** When that day begins. */
export function startOf(day: number): Date {
  return new Date(EPOCH + day * DAY_MS)
}
