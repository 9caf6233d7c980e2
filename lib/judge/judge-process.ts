/** One judge as a process: started, asked, watched, and ended when it takes too long or says what is no answer. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { type Answered, type Checklist, readAnswer, readChecklist } from './answer.ts'
import { type Bounds, MOST_ANSWER_BYTES } from './bounds.ts'
import { closeIn, ENVIRONMENT, judgeProgram } from './confinement.ts'
import { type Frame, frameReader } from './frames.ts'
import { type Held, heldFiles } from './held.ts'
import type { Judgement } from './judgement.ts'
import { type Step, type Watch, watchOver } from './watch.ts'

/**
 * A reason is a sentence without its subject. `ended`: the process is gone, and `at` is the step that it was at, where it
 * told; `failed`: of what came there is nothing to look closer at; `untouched`: it ended over a question before this one.
 */
export type Outcome =
  | { kind: 'answered'; judgement: Judgement }
  | { kind: 'ended'; reason: string; at: Step | null; seconds: number }
  | { kind: 'failed'; reason: string }
  | { kind: 'untouched' }

export type JudgeProcess = {
  pid: number
  checklist: Checklist
  /** Whether the kernel gives it no file, socket or process any more. */
  closedIn: boolean
  held: Held
  /** Asks by a frame of that number; questions wait for those before them. `most`: seconds that it may take. */
  ask(number: number, frame: Buffer, most: number, read: Reader): Promise<Outcome>
  /** Resolves when it has ended, however. */
  gone: Promise<void>
  end(): void
}

/** What an answer says; null where it cannot be one to what was asked. */
type Reader = (answer: Exclude<Answered, { failed: string }>) => Judgement | null
type Question = { number: number; most: number; read: Reader; settle(outcome: Outcome): void }

const LOOK_MS = 100
const LAST_WORDS = 2_000

/** `checks`: the address of a module with another checklist. */
export type JudgeOptions = { checks: string | null; bounds: Bounds }

/** Throws where it cannot start, with its last words. */
export async function startJudge({ checks, bounds }: JudgeOptions): Promise<JudgeProcess> {
  const [program, ...args] = judgeProgram(checks, bounds.heapMb)
  // The fourth pipe is for its steps.
  const child: ChildProcess = spawn(program, args, { env: ENVIRONMENT, cwd: '/', stdio: Array(4).fill('pipe') })
  let failure = ''
  child.on('error', error => {
    failure = error.message
  })
  const { pid, stdin, stdout, stderr } = child
  const steps = child.stdio[3]
  if (pid === undefined || !stdin || !stdout || !stderr || !(steps instanceof Readable))
    throw new Error(`A judge could not be started: ${program} is not there.`)
  const gone = new Promise<void>(resolve => child.once('close', () => resolve()))
  const lastWords = wordsOf(stderr)
  const waiting: Question[] = []
  let isGone = false
  let watch: Watch | null = null
  let ended: { kind: 'ended' | 'failed'; reason: string } | null = null
  let first: ((frame: Frame) => void) | null = null

  const end = (kind: 'ended' | 'failed', reason: string) => {
    ended ??= { kind, reason }
    child.kill('SIGKILL')
  }
  const next = () => {
    const [question] = waiting
    watch = question ? watchOver(pid, question.number, { file: bounds.fileSeconds, all: question.most }) : null
  }
  const take = (frame: Frame) => {
    // What follows an answer that is none is none either.
    if (ended) return
    if (first) return first(frame)
    const [question] = waiting
    const answer = question ? readAnswer(frame.json, question.number) : null
    const outcome = question && answer ? outcomeOf(answer, question.read) : null
    if (!question || outcome === null) return end('failed', 'made its judge give an answer that is none')
    waiting.shift()
    question.settle(outcome)
    next()
  }
  const frames = frameReader(MOST_ANSWER_BYTES)
  stdout.on('data', (piece: Buffer) => {
    try {
      for (const frame of frames(piece)) take(frame)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      end('failed', `made an answer of more than ${MOST_ANSWER_BYTES} bytes`)
    }
  })
  steps.on('data', (piece: Buffer) => watch?.tell(piece))
  // A pipe to a process that has just ended breaks; that it ended is told below.
  for (const pipe of [stdin, stdout, steps]) pipe.on('error', () => {})
  const clock = setInterval(() => {
    const over = ended === null ? watch?.look() : null
    if (over === 'file') end('ended', `took longer than ${bounds.fileSeconds} s`)
    if (over === 'repository') end('failed', `took longer than ${bounds.repositorySeconds} s`)
  }, LOOK_MS)
  clock.unref()
  child.on('close', (code, signal) => {
    clearInterval(clock)
    isGone = true
    const { kind, reason } = ended ?? { kind: 'ended', reason: causeOf(code, signal, bounds) }
    const [current, ...untouched] = waiting.splice(0)
    const [at, seconds] = [watch?.step() ?? null, watch?.seconds() ?? 0]
    current?.settle(kind === 'failed' ? { kind, reason } : { kind, reason, at, seconds })
    for (const question of untouched) question.settle({ kind: 'untouched' })
  })

  const ready = new Promise<Checklist>((resolve, reject) => {
    first = ({ json }) => {
      first = null
      const checklist = readChecklist(json)
      if (checklist) resolve(checklist)
      else reject(new Error('A judge did not tell its checklist.'))
    }
    child.on('close', () => reject(new Error(`A judge could not be started. ${failure}${lastWords()}`)))
  })
  const checklist = await ready
  const closedIn = await closeIn(pid)
  return {
    pid,
    checklist,
    closedIn,
    held: heldFiles(),
    gone,
    end: () => child.kill('SIGKILL'),
    ask: (number, frame, most, read) =>
      new Promise(settle => {
        // One that is ending takes no question; it is asked of another as soon as this one has gone.
        if (isGone || ended) return void gone.then(() => settle({ kind: 'untouched' }))
        waiting.push({ number, most, read, settle })
        if (waiting.length === 1) next()
        stdin.write(frame)
      }),
  }
}

function outcomeOf(answer: Answered, read: Reader): Outcome | null {
  if ('failed' in answer) return { kind: 'failed', reason: `failed: ${answer.failed}` }
  const judgement = read(answer)
  return judgement && { kind: 'answered', judgement }
}

/** V8 aborts where it may not have more memory. */
function causeOf(code: number | null, signal: NodeJS.Signals | null, { heapMb }: Bounds): string {
  const outOfMemory = signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134 || code === 133
  if (outOfMemory) return `took more memory than the ${heapMb} MB of a judge`
  return `ended its judge (${signal ?? `status ${code}`})`
}

/** What it says of itself is hostile once it has read something: it is shown of one that never came to that alone. */
function wordsOf(stream: Readable): () => string {
  let words = ''
  stream.setEncoding('utf8').on('data', (piece: string) => {
    words = (words + piece).slice(-LAST_WORDS)
  })
  return () => words.trim()
}
