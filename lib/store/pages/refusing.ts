import { refusalOf } from '#prisma/refusals.ts'
import type { Database } from '../database.ts'

/** Runs a read of the pages; a database that does not answer, or refuses, is an AppError that says so. */
export async function refusing<T>(db: Database, databaseUrl: string, run: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await run(db)
  } catch (error) {
    throw refusalOf(error, databaseUrl) ?? error
  }
}
