/** How a judge is started, so that whatever happens in it stays in it. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { MEMORY_MB } from './bounds.ts'

const TOP = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = join(TOP, 'lib/judge/main.ts')
const FIRST = new URL('take-away.ts', import.meta.url).href
const READABLE = ['lib', 'node_modules', 'package.json'].map(name => join(TOP, name))

/** A program and its arguments. `checks`: the address of a module with another checklist. */
export function judgeProgram(checks: string | null, heapMb: number): [string, ...string[]] {
  const own = checks === null ? [] : [checks]
  const readable = [...READABLE, ...own.map(address => dirname(fileURLToPath(address)))]
  const node = [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    '--permission',
    ...readable.map(path => `--allow-fs-read=${path}`),
    '--disallow-code-generation-from-strings',
    '--no-warnings',
    `--import=${FIRST}`,
    PROGRAM,
    ...own,
  ] as const
  const setpriv = toolAt('setpriv')
  // A judge that is caught in a loop does not see that its parent is gone; where the system can, it ends it.
  return setpriv === null ? [...node] : [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', '--', ...node]
}

/** All that a judge, and what starts it, knows of ours. */
export const ENVIRONMENT = { NODE_ENV: 'production' } as const

const run = promisify(execFile)

/**
 * Once a judge has loaded its code it needs no file, no socket and no process any more: from here on the kernel gives it
 * none. Answers whether the system could do that.
 */
export async function closeIn(pid: number): Promise<boolean> {
  const prlimit = toolAt('prlimit')
  if (prlimit === null) return false
  const limits = ['--nofile=0:0', '--core=0:0', `--data=${MEMORY_MB * 1024 * 1024}`]
  await run(prlimit, [`--pid=${pid}`, ...limits], { env: ENVIRONMENT })
  return true
}

function toolAt(name: string): string | null {
  if (process.platform !== 'linux') return null
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin']
  return folders.map(folder => join(folder, name)).find(path => path.startsWith('/') && existsSync(path)) ?? null
}
