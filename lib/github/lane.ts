/** For whom something is asked: people who wait come first, and of every budget a part is kept for them. */
import { AsyncLocalStorage } from 'node:async_hooks'

/** `interactive`: somebody waits · `dirty`: pushed to · `sweep`: a listing of everything · `slow`: whenever there is time. */
export type Lane = 'interactive' | 'dirty' | 'sweep' | 'slow'

/** In the order of their turns; the fraction of a budget that each leaves to those before it. */
export const KEPT: Record<Lane, number> = { interactive: 0, dirty: 0.2, sweep: 0.2, slow: 0.5 }
const TURNS = Object.keys(KEPT) as Lane[]

const lanes = new AsyncLocalStorage<Lane>()

/** Everything that `work` asks of GitHub is asked in this lane. */
export function inLane<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
  return lanes.run(lane, work)
}

/** What is asked without a word on it is asked for a sweep. */
export function keptInLane(): number {
  return KEPT[lanes.getStore() ?? 'sweep']
}

/** The smaller, the sooner. */
export function turnOfLane(): number {
  return TURNS.indexOf(lanes.getStore() ?? 'sweep')
}

export function isInteractive(): boolean {
  return lanes.getStore() === 'interactive'
}
