import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '#lib/errors.ts'

export type DataLock = { release(): void }

/**
 * Takes the data directory for this process, or refuses with a sentence that names the holder: two processes on one
 * data directory destroy it. The lock is the operating system's (through SQLite's exclusive transaction), so that it ends with
 * its holder however that dies, and is not lost while the holder is too busy to renew it.
 */
export function lockDataDirectory(directory: string): DataLock {
  createDirectory(directory)
  const holderFile = join(directory, 'holder.json')
  const lock = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new AppError(
      'data-directory-held',
      `The data directory ${directory} is in use by ${describeHolder(holderFile)}.`,
      'Stop that one first, or choose another directory with PLUMBLINE_DATA.',
      { cause },
    )
  }
  writeFileSync(holderFile, JSON.stringify({ pid: process.pid, host: hostname() }))
  return { release: () => lock.close() }
}

function createDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, 'holder.json'), '', { flag: 'a' })
  } catch (cause) {
    const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    if (full) throw diskFull(directory, cause)
    throw new AppError(
      'data-directory-unwritable',
      `The data directory ${directory} cannot be written.`,
      'Give this user the right to write there, or choose another directory with PLUMBLINE_DATA.',
      { cause },
    )
  }
}

/** The refusal for a data directory whose disk has no room left. */
export function diskFull(directory: string, cause: unknown): AppError {
  const hint = 'Make room there, then start again: everything committed is kept.'
  return new AppError('disk-full', `The disk that holds ${directory} is full.`, hint, { cause })
}

function describeHolder(holderFile: string): string {
  const text = readFileSync(holderFile, 'utf8')
  // A holder that has the lock and has not yet written who it is.
  if (text === '') return 'another process'
  const { pid, host } = JSON.parse(text) as { pid: number; host: string }
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`
}
