import pg from 'pg'
import { expect, test } from 'vitest'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { startEngine } from '#prisma/engine.ts'
import { Prisma } from '#prisma/generated/client.ts'
import { migrate, readMigrations } from '#prisma/migrate.ts'
import { describeDatabases } from '#tests/database.ts'

const ALL = readMigrations()
const NAMES = ALL.migrationDirectories.map(({ path }) => path)

type Column = { table: string; name: string; type: string; required: boolean; refers: boolean }

/** A database as the first `count` migrations left it, which is what an older version of Plumbline would hold. */
async function older(url: string, count: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  try {
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    await pool.query(`CREATE TABLE "_prisma_migrations" (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`)
    const engine = await startEngine(pool)
    await engine.apply({ ...ALL, migrationDirectories: ALL.migrationDirectories.slice(0, count) })
    await fill(pool)
  } finally {
    await pool.end()
  }
}

/** A row in every table, whatever tables there are: keys are 1 or 'x' everywhere, so that they refer to each other. */
async function fill(pool: pg.Pool): Promise<void> {
  const { rows: columns } = await pool.query<Column>(`
    SELECT c.table_name AS "table", c.column_name AS name, c.udt_name AS type, c.is_nullable = 'NO' AS required,
      EXISTS (SELECT 1 FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
        WHERE k.contype = 'f' AND k.conrelid = format('%I', c.table_name)::regclass AND a.attname = c.column_name) AS refers
    FROM information_schema.columns c JOIN pg_tables t ON t.tablename = c.table_name AND t.schemaname = 'public'
    WHERE c.table_schema = 'public' AND c.table_name <> '_prisma_migrations' AND c.is_generated = 'NEVER'`)
  const waiting = [...Map.groupBy(columns, ({ table }) => table)]
  for (let tries = waiting.length ** 2; waiting.length > 0; tries -= 1) {
    if (tries === 0) throw new Error(`These tables refer to each other in a ring: ${waiting.map(([table]) => table)}.`)
    const [table, all] = waiting.shift() ?? ['', []]
    const given = all.filter(({ required, refers }) => required || !refers)
    const names = given.map(({ name }) => `"${name}"`).join(', ')
    const values = given.map(({ type }) => literalOf(type)).join(', ')
    // The one that it refers to may come later; a row that a trigger keeps stands there already.
    const missing = await pool
      .query(`INSERT INTO "${table}" (${names}) VALUES (${values}) ON CONFLICT DO NOTHING`)
      .then(
        () => false,
        (error: { code?: string }) => {
          if (error.code !== '23503') throw error
          return true
        },
      )
    if (missing) waiting.push([table, all])
  }
}

function literalOf(type: string): string {
  if (type.startsWith('_')) return "'{}'"
  const known: Record<string, string> = {
    bool: 'true',
    timestamptz: 'now()',
    date: 'now()',
    jsonb: "'{}'",
    bytea: "'\\x00'",
    bit: '1::bit(1024)',
    uuid: 'gen_random_uuid()',
  }
  return known[type] ?? (/^(int|float|numeric)/.test(type) ? '1' : "'x'")
}

async function counts(db: Database): Promise<Map<string, number>> {
  const tables = await db.$queryRaw<{ name: string }[]>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename <> '_prisma_migrations' order by 1`
  const counted = tables.map(async ({ name }): Promise<[string, number]> => {
    const [row] = await db.$queryRawUnsafe<{ n: number }[]>(`select count(*)::int as n from "${name}"`)
    return [name, row?.n ?? 0]
  })
  return new Map(await Promise.all(counted))
}

async function shape(db: Database): Promise<unknown[]> {
  return db.$queryRaw`
    select concat_ws(' ', table_name, column_name, udt_name, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public' and table_name <> '_prisma_migrations'
    union all select indexdef from pg_indexes where schemaname = 'public' and tablename <> '_prisma_migrations'
    union all select tgname::text from pg_trigger where not tgisinternal order by 1`
}

async function opened<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(url)
  try {
    return await work(db)
  } finally {
    await closeDatabase(db)
  }
}

/** What was summed up from other rows, and is told from them now. */
const DROPPED = new Set(['Tally', 'TallyTotal'])

describeDatabases('an upgrade', database => {
  // From the version before, and from the first of all.
  test.each([NAMES.length - 1, 1])(
    'of a filled database from its first %i migrations keeps every row',
    { timeout: 120_000 },
    async count => {
      const whole = await opened(database.url, shape)
      await older(database.url, count)
      const before = await opened(database.url, counts)
      expect(Math.min(...before.values())).toBe(1)
      expect(await migrate(database.url)).toEqual(NAMES.slice(count))
      await opened(database.url, async db => {
        const after = await counts(db)
        for (const [table, rows] of before)
          if (!DROPPED.has(table)) expect(after.get(table), table).toBeGreaterThanOrEqual(rows)
        expect(await shape(db)).toEqual(whole)
        for (const model of Object.values(Prisma.ModelName)) {
          const name = `${model[0]?.toLowerCase()}${model.slice(1)}`
          const table = (db as unknown as Record<string, { findMany(): Promise<unknown[]> }>)[name]
          expect(await table?.findMany(), model).toHaveLength(after.get(model) ?? 0)
        }
      })
      expect(await migrate(database.url)).toEqual([])
    },
  )
})
