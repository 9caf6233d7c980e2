/**
 * A judgement that tells what it comes to: before a check is run and before a file's text is read it says so, so that
 * whoever ends the process in the middle knows at what it was.
 */
import { writeSync } from 'node:fs'
import type { Check } from '../check.ts'
import type { Snapshot, SourceFile } from '../snapshot/snapshot.ts'
import { NO_FILE, STEP_BYTES } from './ask.ts'

const STEPS = 3

let check = 0
let told = NO_FILE

function tell(number: number, file: number): void {
  if (file === told && file !== NO_FILE) return
  told = file
  const step = Buffer.alloc(STEP_BYTES)
  step.writeUInt32LE(number, 0)
  step.writeUInt32LE(check, 4)
  step.writeUInt32LE(file, 8)
  writeSync(STEPS, step)
}

/** The same checks; each is told when it is run, and after the last comes the inventory. */
export function checksTold(checks: readonly Check[], number: number): Check[] {
  return checks.map((one, index) => ({
    ...one,
    run(repo, options) {
      check = index
      tell(number, NO_FILE)
      try {
        return one.run(repo, options)
      } finally {
        check = index + 1
        tell(number, NO_FILE)
      }
    },
  }))
}

/** The same snapshot; a file is told when its text is asked for. Called files count on after the repository's own. */
export function filesTold(repo: Snapshot, number: number): Snapshot {
  check = 0
  const files = new Map([...repo.files].map(([path, file], index) => [path, fileTold(file, number, index)]))
  return { ...repo, files, called: new CalledTold(repo.called, number, files.size) }
}

function fileTold({ path, mode, oid, text }: SourceFile, number: number, index: number): SourceFile {
  return {
    path,
    mode,
    oid,
    get text() {
      tell(number, index)
      return text
    },
  }
}

class CalledTold extends Map<string, string> {
  readonly #indexes: ReadonlyMap<string, number>
  readonly #number: number

  constructor(called: ReadonlyMap<string, string>, number: number, first: number) {
    super()
    for (const [path, text] of called) super.set(path, text)
    this.#indexes = new Map([...called.keys()].map((path, index) => [path, first + index]))
    this.#number = number
  }

  override get(path: string): string | undefined {
    const index = this.#indexes.get(path)
    if (index !== undefined) tell(this.#number, index)
    return super.get(path)
  }
}

/** Checks that are not run, with the reason: what they would have said is not known. */
export function asideFor(checks: readonly Check[], aside: ReadonlyMap<number, string>): readonly Check[] {
  if (aside.size === 0) return checks
  return checks.map((check, index) => {
    const reason = aside.get(index)
    if (reason === undefined) return check
    const [part = 'files'] = check.reads
    return { ...check, run: () => ({ examined: 0, findings: [], unread: [{ part, path: null, reason }] }) }
  })
}
