import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { startEngine } from './engine.ts'
import { MIGRATIONS, migrationNames, refuseNewerThan } from './migrated.ts'
import { placeOf, refusalOf } from './refusals.ts'

const OLDEST_SERVER = 14
// Any number that no other program uses on this database; every starter waits for it.
const LOCK = 7_586_113_207

// As Prisma itself makes it.
const HISTORY = `CREATE TABLE "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

/**
 * Brings the database up to this version's schema and returns the names of the migrations that it applied: none where
 * there was nothing to do. All of it is one transaction: it happens wholly or not at all, and of two starters the second
 * waits and then finds nothing to do. Refuses with an AppError: unreachable, refused, too old, newer, disk full.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const pool = poolOfOne(databaseUrl)
  const errors: unknown[] = []
  try {
    await refuseOldServer(pool)
    await pool.query('BEGIN')
    await pool.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await prepareHistory(pool, databaseUrl)
    await refuseNewer(pool)
    const engine = await startEngine(pool, errors)
    const applied = await engine.apply(readMigrations())
    await pool.query('COMMIT')
    return applied
  } catch (error) {
    // What the database said first is the cause; what the engine made of it may hide that.
    const first = errors[0] ?? error
    throw refusalOf(first, databaseUrl) ?? first
  } finally {
    // Ending the connection rolls back what was not committed.
    await pool.end()
  }
}

// The transaction begun on the one connection holds whatever the engine does through the pool. A pool replaces a connection
// on which a query failed: then the transaction is gone, and nothing more may happen.
function poolOfOne(databaseUrl: string): pg.Pool {
  let connections = 0
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 30_000,
    verify: (_client, done) => done(connections++ === 0 ? undefined : new Error('The transaction has ended.')),
  })
  // A connection lost while nothing runs on it: the next query says so.
  pool.on('error', () => undefined)
  return pool
}

/** The migrations of this version, oldest first, as the engine takes them. */
export function readMigrations(): MigrationList {
  const lockfile = readFileSync(join(MIGRATIONS, 'migration_lock.toml'), 'utf8')
  return {
    baseDir: MIGRATIONS,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames().map(name => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(MIGRATIONS, name, 'migration.sql'), 'utf8') },
      },
    })),
  }
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string }>("SELECT current_setting('server_version_num') AS version")
  const major = Math.floor(Number(rows[0]?.version) / 10_000)
  if (major >= OLDEST_SERVER) return
  throw new AppError(
    'database-too-old',
    `The database server is PostgreSQL ${major}; Plumbline needs ${OLDEST_SERVER} or newer.`,
    'Upgrade the server, or leave DATABASE_URL out to use the embedded database.',
  )
}

// The engine would try a query on the table to see whether it is there, and that failure would end the transaction.
async function prepareHistory(pool: pg.Pool, databaseUrl: string): Promise<void> {
  const { rows } = await pool.query<{ migrated: boolean; tables: number }>(`
    SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS migrated,
      (SELECT count(*)::int FROM pg_tables WHERE schemaname = current_schema()) AS tables`)
  const [found] = rows
  if (found?.migrated) return
  if (found !== undefined && found.tables > 0) {
    throw new AppError(
      'database-refused',
      `The database ${placeOf(databaseUrl)} holds tables of something else.`,
      'Give Plumbline a database of its own, and put its address into DATABASE_URL.',
    )
  }
  await pool.query(HISTORY)
}

async function refuseNewer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ migration_name: string }>(
    'SELECT migration_name FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY migration_name',
  )
  refuseNewerThan(rows.map(row => row.migration_name))
}

if (import.meta.main) {
  try {
    const { databaseUrl } = readEnv()
    if (databaseUrl === null) {
      throw new AppError(
        'invalid-configuration',
        'DATABASE_URL is not set: there is no database to migrate.',
        'The embedded database is migrated by npm start.',
      )
    }
    const applied = await migrate(databaseUrl)
    process.stdout.write(applied.length === 0 ? 'Nothing to do.\n' : `Applied ${applied.join(', ')}.\n`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = 1
  }
}
