/** What was asked of a host: all of it, and of that what was asked for people who wait. */
import { isInteractive } from './lane.ts'

/** `git`: requests to the git endpoint, which no limit of the API counts. */
export type Spent = { rest: number; points: number; git: number }

export class Ledger {
  readonly all: Spent = { rest: 0, points: 0, git: 0 }
  readonly interactive: Spent = { rest: 0, points: 0, git: 0 }

  /** Notes what is asked now, in the lane that it is asked in. */
  add(what: keyof Spent, count: number): void {
    this.all[what] += count
    if (isInteractive()) this.interactive[what] += count
  }
}
