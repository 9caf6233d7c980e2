/** The clock beside a judge: what it is at, for how long, and when that is too long. */

import { NO_FILE, STEP_BYTES } from './ask.ts'
import { CLOCK_FOR_COMPUTING } from './bounds.ts'
import { secondsComputed } from './computed.ts'

/** At which check of the checklist (their number: at the inventory), and at which file, counted as they were sent. */
export type Step = { check: number; file: number | null }

export type Watch = {
  /** What a careful judge tells; steps of another question are left out. */
  tell(piece: Buffer): void
  /** Call it now and then. `file`: too long at one step; `repository`: over all. */
  look(): 'file' | 'repository' | null
  step(): Step | null
  /** How long it had taken when it was looked at last: of a process that is gone nobody can tell any more. */
  seconds(): number
}

const SECOND_MS = 1_000

/** `most`: seconds at one step, and over all. */
export function watchOver(pid: number, number: number, most: { file: number; all: number }): Watch {
  const asked = performance.now() / SECOND_MS
  // What it had computed before is asked at the first look: most questions are answered before there is one.
  let started: Moment | null = null
  let last: Moment & { steps: number } = { clock: asked, computed: null, steps: -1 }
  let steps = 0
  let seconds = 0
  let step: Step | null = null
  let rest: Buffer = Buffer.alloc(0)
  return {
    tell(piece) {
      rest = Buffer.concat([rest, piece])
      const whole = rest.byteLength - (rest.byteLength % STEP_BYTES)
      if (whole === 0) return
      const at = whole - STEP_BYTES
      const [asked, check, file] = [0, 4, 8].map(offset => rest.readUInt32LE(at + offset)) as [number, number, number]
      rest = rest.subarray(whole)
      if (asked !== number) return
      steps += 1
      step = { check, file: file === NO_FILE ? null : file }
    },
    look() {
      started ??= { ...now(pid), clock: asked }
      seconds = since(pid, started).computed
      if (isOver(pid, started, most.all)) return 'repository'
      if (steps !== last.steps) last = { ...now(pid), steps }
      return isOver(pid, last, most.file) ? 'file' : null
    },
    step: () => step,
    seconds: () => seconds,
  }
}

type Moment = { clock: number; computed: number | null }

function now(pid: number): Moment {
  return { clock: performance.now() / SECOND_MS, computed: secondsComputed(pid) }
}

function since(pid: number, { clock, computed }: Moment): { clock: number; computed: number } {
  const until = now(pid)
  const passed = until.clock - clock
  const measured = until.computed === null || computed === null ? passed : until.computed - computed
  return { clock: passed, computed: measured }
}

function isOver(pid: number, from: Moment, seconds: number): boolean {
  const { clock, computed } = since(pid, from)
  return (clock >= seconds && computed >= seconds) || clock >= seconds * CLOCK_FOR_COMPUTING
}
