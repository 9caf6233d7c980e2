/** A few judges side by side: who asks gets the one that knows the repository best, or the first that is free. */
import { type JudgeOptions, type JudgeProcess, type Outcome, startJudge } from './judge-process.ts'

export type Seats = {
  /** A judge that runs. */
  any(): Promise<JudgeProcess>
  /** Asks a judge; again where another question took it down. `alone`: it is asked nothing else meanwhile. */
  ask(name: string, alone: boolean, question: (judge: JudgeProcess) => Promise<Outcome>): Promise<Ended>
  /** The judges that run now, by the ids of their processes. */
  pids(): number[]
  close(): Promise<void>
}

export type Ended = Exclude<Outcome, { kind: 'untouched' }>

/** So many questions at a time lie at a judge, so that it never waits for the next. */
const AT_ONCE = 2

type Seat = { judge: Promise<JudgeProcess> | null; pid: number | null; load: number }

/** Judges start when they are first needed. */
export function openSeats(count: number, options: JudgeOptions): Seats {
  const seats: Seat[] = Array.from({ length: Math.max(1, count) }, () => ({ judge: null, pid: null, load: 0 }))
  const waiting: (() => void)[] = []
  let isClosed = false

  const judgeAt = (seat: Seat): Promise<JudgeProcess> => {
    if (isClosed) throw new Error('The judges have gone.')
    if (seat.judge) return seat.judge
    const judge = startJudge(options)
    seat.judge = judge
    const leave = () => {
      seat.judge = null
      seat.pid = null
    }
    judge.then(({ pid, gone }) => {
      seat.pid = pid
      return gone.then(leave)
    }, leave)
    return judge
  }

  const freeFor = (name: string, alone: boolean): Seat | undefined => {
    const free = seats.filter(({ load }) => load < (alone ? 1 : AT_ONCE))
    const wished = seats[indexOf(name, seats.length)]
    // Its own has most likely read this repository's files before; but none may stand idle for that.
    if (wished && free.includes(wished)) return wished
    return free.sort((a, b) => a.load - b.load)[0]
  }

  const askOnce = async (name: string, alone: boolean, question: (judge: JudgeProcess) => Promise<Outcome>) => {
    let seat = freeFor(name, alone)
    for (; seat === undefined; seat = freeFor(name, alone)) await new Promise<void>(resolve => waiting.push(resolve))
    const load = alone ? AT_ONCE : 1
    seat.load += load
    try {
      return await question(await judgeAt(seat))
    } finally {
      seat.load -= load
      for (const wake of waiting.splice(0)) wake()
    }
  }

  return {
    any: async () => judgeAt(seats[0] as Seat),
    async ask(name, alone, question) {
      for (;;) {
        const outcome = await askOnce(name, alone, question)
        if (outcome.kind !== 'untouched') return outcome
      }
    },
    pids: () => seats.flatMap(({ pid }) => pid ?? []),
    async close() {
      isClosed = true
      const judges = await Promise.allSettled(seats.flatMap(({ judge }) => judge ?? []))
      for (const judge of judges) {
        if (judge.status === 'rejected') continue
        judge.value.end()
        await judge.value.gone
      }
    },
  }
}

function indexOf(name: string, length: number): number {
  let sum = 0
  for (let at = 0; at < name.length; at++) sum = (sum * 31 + name.charCodeAt(at)) % 1_000_003
  return sum % length
}
