import { cache } from 'react'
import type { Frame } from '#lib/api/frame.ts'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'
import { type Database, openDatabase } from '#lib/store/database.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { refusing } from '#lib/store/pages/refusing.ts'

// One pool for the whole process: the development server loads this module again at every change.
const held = globalThis as { plumblineDatabase?: { url: string; db: Database } }

function database(): { url: string; db: Database } {
  if (held.plumblineDatabase) return held.plumblineDatabase
  const { databaseUrl: url } = readEnv()
  if (url === null) {
    throw new AppError('invalid-configuration', 'DATABASE_URL is not set.', 'npm start runs a database and sets it.')
  }
  held.plumblineDatabase = { url, db: openDatabase(url) }
  return held.plumblineDatabase
}

/** Every page's way to the store. A refusal keeps its code on the way to `error.tsx`, which turns it into words. */
export async function read<T>(run: (db: Database) => Promise<T>): Promise<T> {
  try {
    const { url, db } = database()
    return await refusing(db, url, run)
  } catch (error) {
    if (error instanceof AppError) throw Object.assign(error, { digest: error.code })
    throw error
  }
}

/** The organisation being looked at; read once per request, whoever asks. */
export const currentFrame: () => Promise<Frame | null> = cache(() => read(readFrame))

export const currentProgress = cache(() => read(readProgress))
