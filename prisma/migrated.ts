/** Whether a database has the schema of this version, for whoever only reads it and leaves migrating to others. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { AppError } from '#lib/errors.ts'
import { placeOf, refusalOf } from './refusals.ts'

export const MIGRATIONS = join(import.meta.dirname, 'migrations')

const EVERY_MS = 500

/** The migrations of this version, oldest first. */
export function migrationNames(): string[] {
  const entries = readdirSync(MIGRATIONS, { withFileTypes: true })
  return entries.flatMap(entry => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/**
 * Returns when every migration of this version is applied. Until then it asks again for `waitMs`, and calls `onWait` once
 * with what it waits for. Refuses with an AppError: never migrated or behind, newer, unreachable, refused.
 */
export async function awaitMigrated(
  databaseUrl: string,
  { waitMs, onWait }: { waitMs: number; onWait: (sentence: string) => void },
): Promise<void> {
  const until = performance.now() + waitMs
  for (let told = false; ; told = true) {
    const applied = await appliedTo(databaseUrl)
    refuseNewerThan(applied)
    const missing = migrationNames().filter(name => !applied.includes(name)).length
    if (missing === 0) return
    const state =
      applied.length === 0
        ? 'has no tables yet'
        : `is ${missing} migration${missing === 1 ? '' : 's'} behind this version`
    const sentence = `The database ${placeOf(databaseUrl)} ${state}.`
    if (performance.now() >= until) {
      const hint = 'Run npm run migrate, or start a worker, which migrates it first; then start this again.'
      throw new AppError('database-behind', sentence, hint)
    }
    if (!told) onWait(`${sentence} Waiting ${Math.ceil(waitMs / 1_000)} s for a worker or npm run migrate.`)
    await sleep(EVERY_MS)
  }
}

/** Of those applied, the first that this version does not know ends the start: its tables may mean something else. */
export function refuseNewerThan(applied: readonly string[]): void {
  const known = new Set(migrationNames())
  const unknown = applied.find(name => !known.has(name))
  if (unknown === undefined) return
  throw new AppError(
    'database-newer',
    `The database was migrated by a newer version of Plumbline (${unknown}).`,
    'Start that version, or restore the backup made before the upgrade.',
  )
}

async function appliedTo(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 30_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS there`,
    )
    return rows[0]?.there ? await finished(client) : []
  } catch (error) {
    throw refusalOf(error, databaseUrl) ?? error
  } finally {
    await client.end()
  }
}

async function finished(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string }>(
    `SELECT migration_name FROM "_prisma_migrations"
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  )
  return rows.map(row => row.migration_name)
}
