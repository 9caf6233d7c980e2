import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, inject } from 'vitest'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { type EmbeddedDatabase, startDatabase } from '../scripts/database.ts'
import './databases.setup.ts'
import { cluster, startCluster } from './postgres-cluster.ts'

/** One leg: `start` before the file's tests, `fresh` before each, which answers the URL of an empty migrated database. */
type Leg = { start(): Promise<void>; fresh(): Promise<string>; stop(): Promise<void> }

/** The database of the running test: empty and migrated, of its own. */
export type TestDatabase = { readonly url: string; readonly db: Database }

/**
 * Runs the tests on the embedded database and on a real PostgreSQL. Where there are no server programs the second leg is
 * reported as left out, by name and by test.
 */
export function describeDatabases(name: string, tests: (database: TestDatabase) => void): void {
  describe(`${name} (embedded database)`, () => runLeg(embedded(), tests))
  describePostgres(name, tests)
}

/** The second leg alone, for what only a real server can show. */
export function describePostgres(name: string, tests: (database: TestDatabase) => void): void {
  const programs = inject('postgresPrograms')
  if (programs === null) {
    describe.skip(`${name} (PostgreSQL: left out, no server programs here)`, () => runLeg(embedded(), tests))
  } else {
    describe(`${name} (PostgreSQL)`, () => runLeg(postgres(programs), tests))
  }
}

function runLeg(leg: Leg, tests: (database: TestDatabase) => void): void {
  let current: TestDatabase | undefined
  const now = (): TestDatabase => {
    if (current === undefined) throw new Error('The database is there inside a test only.')
    return current
  }
  beforeAll(() => leg.start())
  beforeEach(async () => {
    const url = await leg.fresh()
    current = { url, db: openDatabase(url) }
  })
  afterEach(async () => {
    if (current !== undefined) await closeDatabase(current.db)
    current = undefined
  })
  afterAll(() => leg.stop())
  tests({
    get url() {
      return now().url
    },
    get db() {
      return now().db
    },
  })
}

function postgres(programs: string): Leg {
  const folder = join(inject('databasesFolder'), 'postgres')
  const server = cluster(folder)
  const made: string[] = []
  return {
    start: () =>
      once('postgres', async () => {
        startCluster(programs, folder)
        await command(server.url('postgres'), 'CREATE DATABASE template')
        await migrate(server.url('template'))
      }),
    fresh: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`
      await command(server.url('postgres'), `CREATE DATABASE ${name} TEMPLATE template`)
      made.push(name)
      return server.url(name)
    },
    stop: async () => {
      for (const name of made) await command(server.url('postgres'), `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

function embedded(): Leg {
  const template = join(inject('databasesFolder'), 'embedded')
  const own = join(inject('databasesFolder'), `embedded-${randomUUID()}`)
  let server: EmbeddedDatabase | undefined
  return {
    start: async () => {
      await once('embedded', async () => {
        const made = await startDatabase({ dir: template })
        await migrate(made.url)
        await made.stop()
      })
      cpSync(join(template, 'data'), join(own, 'data'), { recursive: true })
      server = await startDatabase({ dir: own })
    },
    // It is one database for good: each test gets it emptied.
    fresh: async () => {
      if (server === undefined) throw new Error('The embedded database did not start.')
      await command(server.url, EMPTY)
      return server.url
    },
    stop: async () => {
      await server?.stop()
      rmSync(own, { recursive: true, force: true })
    },
  }
}

const EMPTY = `DO $$ DECLARE names text; BEGIN
  DROP SCHEMA IF EXISTS pgboss CASCADE;
  SELECT string_agg(format('%I', tablename), ', ') INTO names FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations';
  IF names IS NOT NULL THEN EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY CASCADE'; END IF;
END $$`

async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Runs `make` once for the whole run, whichever worker comes first; the others wait until it is made. */
async function once(name: string, make: () => Promise<void>): Promise<void> {
  const folder = inject('databasesFolder')
  const mutex = new DatabaseSync(join(folder, `${name}.lock`), { timeout: 60_000 })
  mutex.exec('BEGIN EXCLUSIVE')
  const done = join(folder, `${name}.made`)
  try {
    if (!existsSync(done)) {
      await make()
      writeFileSync(done, '')
    }
  } finally {
    mutex.close()
  }
}
