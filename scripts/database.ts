import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { AppError, type ErrorCode, sentenceOf } from '#lib/errors.ts'
import { diskFull, lockDataDirectory } from './data-lock.ts'
import { keepUp } from './upkeep.ts'
import { serveWire } from './wire-server.ts'

/** `exited` settles when the process ends by itself or is stopped. */
export type EmbeddedDatabase = { url: string; pid: number; stop(): Promise<void>; exited: Promise<void> }

type Told = { url: string } | { refusal: { code: ErrorCode; message: string; hint: string } }

/**
 * Starts the embedded PostgreSQL in a process of its own, on 127.0.0.1 and a free port unless told one. `dir` keeps its
 * data and its lock. Refuses with an AppError where the directory is held, not writable or full, or the port is taken.
 */
export async function startDatabase(options: { dir: string; port?: number }): Promise<EmbeddedDatabase> {
  const child = fork(import.meta.filename, [resolve(options.dir), String(options.port ?? 0)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
    // Ctrl-C reaches every process of the terminal's group; the starter stops this one after those that use it.
    detached: process.platform !== 'win32',
  })
  const exited = once(child, 'exit').then(() => {})
  const told = await firstWord(child)
  if ('refusal' in told) {
    const { code, message, hint } = told.refusal
    throw new AppError(code, message, hint)
  }
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
  }
  return { url: told.url, pid: child.pid ?? 0, stop, exited }
}

function firstWord(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as Told))
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`The embedded database ended with status ${code} while starting.`)))
  })
}

async function serve(directory: string, port: number): Promise<void> {
  const lock = lockDataDirectory(directory)
  const database = await openPGlite(join(directory, 'data'))
  const server = await serveWire(database, port).catch(async error => {
    await database.close()
    throw portTaken(error, port)
  })
  const stopUpkeep = keepUp(database, server)
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    stopUpkeep()
    await server.stop()
    await database.close()
    lock.release()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Without its starter nobody would ever stop it, and the next start would find the directory held.
  process.on('disconnect', stop)
  tell({ url: `postgresql://postgres@127.0.0.1:${server.port}/postgres?sslmode=disable` })
}

async function openPGlite(directory: string): Promise<PGlite> {
  try {
    return await PGlite.create(directory)
  } catch (error) {
    if (error instanceof Error && /ENOSPC|No space left/.test(error.message)) throw diskFull(directory, error)
    throw error
  }
}

function portTaken(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error
  const hint = 'Stop what listens there, or start the database without a port to get a free one.'
  return new AppError('port-taken', `Port ${port} of 127.0.0.1 is taken.`, hint, { cause: error })
}

// Started by `startDatabase` it answers its starter; started by hand it prints.
function tell(word: Told): void {
  if (process.send !== undefined) process.send(word)
  else if ('url' in word) console.log(word.url)
  else console.error(sentenceOf(new AppError(word.refusal.code, word.refusal.message, word.refusal.hint)))
}

if (import.meta.main) {
  const [directory = '.plumbline', port = '0'] = process.argv.slice(2)
  try {
    await serve(resolve(directory), Number(port))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    tell({ refusal: { code: error.code, message: error.message, hint: error.hint } })
    process.exitCode = 1
    if (process.send !== undefined) process.disconnect()
  }
}
