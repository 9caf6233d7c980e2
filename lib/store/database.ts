import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '#prisma/generated/client.ts'
import { refusalOf } from '#prisma/refusals.ts'
import type { AppError } from '../errors.ts'

/** The open store. Only lib/store looks inside; everybody else hands it to a verb. */
export type Database = PrismaClient

/** A database, or the transaction begun on it. Inside a transaction only that transaction may be used: with the embedded
 * database everything else waits for it to end. */
export type Session = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends' | '$use'>

/**
 * What each connection says first. Queries here take milliseconds: compiling one, which PostgreSQL does where it expects
 * many rows, takes half a second. And what a page sorts of ten thousand repositories fits into memory, not into four MB.
 */
export const FOR_PAGES = "SET jit = off; SET work_mem = '16MB'"

/**
 * Opens the store at a PostgreSQL URL; nothing connects before the first query. `connections` is the most that this
 * process holds. Close it with `closeDatabase`.
 */
export function openDatabase(url: string, options: { connections?: number } = {}): Database {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.connections ?? 5,
    connectionTimeoutMillis: 30_000,
    application_name: 'plumbline',
    onConnect: async client => void (await client.query(FOR_PAGES)),
  })
  // The embedded database has one backend: a transaction may wait in line behind everything that others do.
  const db = new PrismaClient({ adapter, transactionOptions: { maxWait: 60_000, timeout: 120_000 } })
  urls.set(db, url)
  return db
}

const urls = new WeakMap<Database, string>()

/** What an error of this database says to people (its disk is full, it is gone); null where it is a bug of ours. */
export function databaseRefusal(db: Database, error: unknown): AppError | null {
  return refusalOf(error, urls.get(db) ?? '')
}

/** Closes every connection after the queries under way. */
export async function closeDatabase(db: Database): Promise<void> {
  await db.$disconnect()
}

/**
 * Runs `work` in one transaction: all that it writes with `tx` becomes visible together, or nothing does. Inside, only
 * `tx` may be used.
 */
export async function inTransaction<Result>(db: Database, work: (tx: Session) => Promise<Result>): Promise<Result> {
  return db.$transaction(tx => work(tx))
}
