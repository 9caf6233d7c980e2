import type { TeamRow } from '../../api/overview.ts'
import { type Histories, NONE } from '../histories.ts'
import { once, type Population } from './population.ts'

/** Means of those that have a score; null where none has. `…Before`: at the time compared with. */
export type Whole = {
  score: number | null
  scoreBefore: number | null
  hardening: number | null
  repositories: number
  allMet: number
  allMetBefore: number
  findings: number
}

/** A repository whose score moved by a point or more. */
export type Moved = { id: number; score: number; change: number }

export type Standings = { whole: Whole; teams: TeamRow[]; up: Moved[]; down: Moved[] }

type Sum = { points: number; of: number }
type Sums = {
  repositories: number
  score: Sum
  before: Sum
  hardening: Sum
  allMet: number
  allMetBefore: number
  findings: number
  /** Repositories whose score rose or fell by a point or more. */
  up: number
  down: number
}

const SHOWN_EACH_WAY = 4

/** Where the repositories stand now and stood then: as a whole, by team, and those that moved most. */
export function standingsOf(population: Population, since: Date): Standings {
  return once(population, `standings since ${since.getTime()}`, () => standingsWith(population, since))
}

function standingsWith(population: Population, since: Date): Standings {
  const { summed, up, down } = compared(population, since)
  const {
    score,
    before,
    hardening,
    up: _up,
    down: _down,
    ...counts
  } = summed.map(({ sums }) => sums).reduce(added, nothing())
  const whole = { ...counts, score: meanOf(score), scoreBefore: meanOf(before), hardening: meanOf(hardening) }
  const teams = [...byName(summed, ({ teams }) => teams)].map(([team, sums]) => {
    return { team, repositories: sums.repositories, findings: sums.findings, ...changeOf(sums) }
  })
  return { whole, teams: teams.sort((a, b) => b.findings - a.findings || (a.team < b.team ? -1 : 1)), up, down }
}

type Compared = { summed: Summed[]; up: Moved[]; down: Moved[] }
type Summed = { kind: Population['kinds'][number]; sums: Sums }

/** The repositories of each kind added up, and of all those that moved most. */
export function compared({ histories, kinds }: Population, since: Date): Compared {
  const { id, score, hardening, allMet, findings } = histories
  const up: Moved[] = []
  const down: Moved[] = []
  const summed = kinds.map(kind => {
    const sums = { ...nothing(), repositories: kind.repositories }
    for (const place of kind.places) {
      const [now, past] = [score[place] ?? NONE, placeAt(histories.past, place, since.getTime())]
      const before = histories.past.score[past] ?? NONE
      add(sums.score, now)
      add(sums.before, before)
      add(sums.hardening, hardening[place] ?? NONE)
      sums.allMet += allMet[place] ?? 0
      sums.allMetBefore += histories.past.allMet[past] ?? 0
      sums.findings += findings[place] ?? 0
      const change = now === NONE || before === NONE ? 0 : now - before
      if (Math.abs(change) < 1) continue
      sums[change > 0 ? 'up' : 'down'] += 1
      keep(change > 0 ? up : down, { id: id[place] ?? 0, score: now, change })
    }
    return { kind, sums }
  })
  return { summed, up, down }
}

/** Added up by each of those names; a repository of two counts in both. */
export function byName(
  summed: readonly Summed[],
  namesOf: (kind: Summed['kind']) => readonly string[],
): Map<string, Sums> {
  const named = new Map<string, Sums>()
  for (const { kind, sums } of summed)
    for (const name of namesOf(kind)) named.set(name, added(named.get(name) ?? nothing(), sums))
  return named
}

export function changeOf({ score, before }: Sums): { score: number | null; change: number | null } {
  const [now, past] = [meanOf(score), meanOf(before)]
  return { score: now, change: now === null || past === null ? null : now - past }
}

function nothing(): Sums {
  const none = () => ({ points: 0, of: 0 })
  return {
    ...{ repositories: 0, score: none(), before: none(), hardening: none() },
    ...{ allMet: 0, allMetBefore: 0, findings: 0, up: 0, down: 0 },
  }
}

function add(sum: Sum, value: number): void {
  if (value === NONE) return
  sum.points += value
  sum.of += 1
}

function added(a: Sums, b: Sums): Sums {
  const both = (one: Sum, other: Sum) => ({ points: one.points + other.points, of: one.of + other.of })
  return {
    repositories: a.repositories + b.repositories,
    score: both(a.score, b.score),
    before: both(a.before, b.before),
    hardening: both(a.hardening, b.hardening),
    allMet: a.allMet + b.allMet,
    allMetBefore: a.allMetBefore + b.allMetBefore,
    findings: a.findings + b.findings,
    up: a.up + b.up,
    down: a.down + b.down,
  }
}

function meanOf({ points, of }: Sum): number | null {
  return of === 0 ? null : points / of
}

/** How much the score of what stands in that place has changed since; null where it has none now or had none then. */
export function changeSince({ score, past }: Histories, place: number, time: number): number | null {
  const [now, before] = [score[place] ?? NONE, past.score[placeAt(past, place, time)] ?? NONE]
  return now === NONE || before === NONE ? null : now - before
}

/** Where the last change up to that time stands of what stands in that place; -1 where there is none. */
function placeAt({ from, at }: Histories['past'], place: number, time: number): number {
  const begin = from[place] ?? 0
  let last = (from[place + 1] ?? 0) - 1
  while (last >= begin && (at[last] ?? 0) > time) last -= 1
  return last < begin ? -1 : last
}

/** Keeps those that moved most, of those that moved as far the oldest. */
function keep(most: Moved[], one: Moved): void {
  const isBefore = (other: Moved) => Math.abs(one.change) - Math.abs(other.change) || other.id - one.id
  const place = most.findIndex(other => isBefore(other) > 0)
  if (place === -1 && most.length >= SHOWN_EACH_WAY) return
  most.splice(place === -1 ? most.length : place, 0, one)
  most.length = Math.min(most.length, SHOWN_EACH_WAY)
}
