import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** A part that runs in its own process. `exited` settles when it has ended, with a sentence on how. */
export type Part = { name: string; child: ChildProcess; exited: Promise<string>; stop(graceMs?: number): Promise<void> }

export type PartOptions = {
  env?: Readonly<Record<string, string>>
  /** Where its output goes; the default is this terminal. */
  output?: 'inherit' | 'pipe'
}

/**
 * Starts a program of this repository under the same Node. It gets a process group of its own, so that Ctrl-C reaches
 * only us and the parts stop in our order; and a channel, so that it ends when we end, however we end.
 */
export function startPart(name: string, program: readonly string[], options: PartOptions = {}): Part {
  const output = options.output ?? 'inherit'
  const child = spawn(process.execPath, ['--import', './scripts/stop-with-parent.ts', ...program], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, ...options.env, PLUMBLINE_STARTER: String(process.pid) },
  })
  const exited = once(child, 'exit').then(([code, signal]) =>
    signal === null ? `The ${name} ended with status ${code}.` : `The ${name} was ended by ${signal}.`,
  )
  return { name, child, exited, stop: graceMs => stopPart(child, graceMs ?? 20_000) }
}

/** With this status a part ends that wants to be started again, e.g. because its settings were changed. */
export const AGAIN = 75

/** As `startPart`, for a part that is started again as often as it asks for that. */
export function keepPart(
  name: string,
  program: readonly string[],
  options: PartOptions = {},
): Pick<Part, 'exited' | 'stop'> {
  let part = startPart(name, program, options)
  let stopping = false
  const follow = async (): Promise<string> => {
    const sentence = await part.exited
    if (stopping || part.child.exitCode !== AGAIN) return sentence
    part = startPart(name, program, options)
    return follow()
  }
  const stop = (graceMs?: number) => {
    stopping = true
    return part.stop(graceMs)
  }
  return { exited: follow(), stop }
}

async function stopPart(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await gone
  clearTimeout(timer)
}

/** Waits for the first message of a part that says it is ready; throws what it says if it ends before. */
export async function readyMessage(part: Part): Promise<unknown> {
  const message = once(part.child, 'message').then(([value]) => value as unknown)
  const ended = part.exited.then(sentence => {
    throw new Error(sentence)
  })
  return Promise.race([message, ended])
}
