/**
 * Judging in processes that hold nothing. Whatever happens to one over a repository is known of that repository, and of no
 * other: a file that takes too long is named as unread, a check that does is not known, and the rest is judged all the same.
 */
import { availableParallelism } from 'node:os'
import { compress } from '../snapshot/compression.ts'
import type { PackedSnapshot } from '../snapshot/packed.ts'
import type { Checklist } from './answer.ts'
import { askFrame } from './ask.ts'
import { type Blame, blameFor, NO_BLAME, without, withoutFiles } from './blame.ts'
import { BOUNDS, type Bounds } from './bounds.ts'
import { type Judgement, type Judging, judgementIn } from './judgement.ts'
import { type Ended, openSeats } from './seats.ts'

export type Judges = {
  /** What the judges judge by, told by one that had read nothing yet. */
  checklist(): Promise<Checklist>
  /** Throws where no judge can be started. */
  judge(snapshot: PackedSnapshot, how: Judging): Promise<Judgement>
  /** The processes that judge now. */
  pids(): number[]
  close(): Promise<void>
}

export type JudgesOptions = {
  /** How many at once; one for each core unless given. */
  count?: number
  /** The address of a module with another checklist, and other bounds, to try these by. */
  checks?: string
  bounds?: Bounds
  /** Told when a repository took its judge down. */
  onTrouble?(repository: string, reason: string): void
}

/** Each may be the last: a file or check that is at fault is found one at a time. */
const MOST_LOOKS = 10

export function openJudges(options: JudgesOptions = {}): Judges {
  const { count = availableParallelism(), checks = null, bounds = BOUNDS, onTrouble } = options
  const seats = openSeats(count, { checks, bounds })
  const emptyTree = compress('[]')
  let number = 0

  const ask = (repo: PackedSnapshot, how: Judging, careful: boolean, blame: Blame, most: number) =>
    seats.ask(repo.facts.repository, careful, judge => {
      number += 1
      const { policy, now, inventory = false } = how
      const what = { number, careful, inventory, policy, now: now.toISOString(), aside: [...blame.checks] }
      const frame = askFrame(repo, judge.held, what)
      return judge.ask(number, frame, most, answer => judgementIn(answer, repo, how, judge.checklist))
    })

  const told = (outcome: Ended, { facts }: PackedSnapshot): Ended => {
    if (outcome.kind !== 'answered') onTrouble?.(facts.repository, outcome.reason)
    return outcome
  }

  /** Looks step by step for what is at fault, within the seconds of a repository. */
  const lookClosely = async (repo: PackedSnapshot, how: Judging): Promise<Ended> => {
    const { checks: all } = (await seats.any()).checklist
    let left = bounds.repositorySeconds
    let blame: Blame | null = NO_BLAME
    for (let look = 1; ; look++) {
      const outcome = told(await ask(without(repo, blame), how, true, blame, left), repo)
      if (outcome.kind !== 'ended' || outcome.at === null || look === MOST_LOOKS) return outcome
      left -= outcome.seconds
      blame = blameFor(blame, repo, outcome.at, outcome.reason, all.length)
      if (blame === null) return outcome
      if (left <= 0) return { kind: 'failed', reason: `took longer than ${bounds.repositorySeconds} s` }
    }
  }

  return {
    checklist: async () => (await seats.any()).checklist,
    async judge(repo, how) {
      let outcome = told(await ask(repo, how, false, NO_BLAME, bounds.repositorySeconds), repo)
      if (outcome.kind === 'ended') outcome = await lookClosely(repo, how)
      if (outcome.kind === 'answered') return outcome.judgement
      const bare = withoutFiles(repo, emptyTree, `Judging this repository ${outcome.reason}`)
      const last = await ask(bare, how, false, NO_BLAME, bounds.repositorySeconds)
      if (last.kind === 'answered') return last.judgement
      throw new Error(`Judging a repository without its files ${last.reason}.`)
    },
    pids: () => seats.pids(),
    close: () => seats.close(),
  }
}
