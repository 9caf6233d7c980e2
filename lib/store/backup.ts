/**
 * Everything that is remembered as lines of JSON, from either database into either: a header, then a line a row. What
 * waits in the queue is not kept: the first look after a restore asks for it again. Nor are sessions: one that was ended
 * after the backup would be in force again.
 */
import { AppError } from '../errors.ts'
import { type Database, inTransaction, type Session } from './database.ts'

/** `rows` is said at the end, so that a file that was cut short is noticed. */
type Header = { plumbline: 'backup'; format: 1; migrations: string[]; madeAt: string }
type Footer = { rows: number }

const FETCH = 200
/** What lasts for a sitting, a sign-in or a minute. */
const PASSING = ['Session', 'Verification', 'RateLimit', 'RequestBucket']
const FORMAT = 1

/** One state of the whole store, a batch of lines at a time, each ended by a line feed. */
export async function writeBackup(db: Database, now: Date, write: (lines: string) => Promise<void>): Promise<number> {
  return inTransaction(db, async tx => {
    await tx.$executeRawUnsafe('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    const header: Header = {
      plumbline: 'backup',
      format: FORMAT,
      migrations: await migrationsOf(tx),
      madeAt: now.toISOString(),
    }
    await write(`${JSON.stringify(header)}\n`)
    let rows = 0
    for (const table of (await tablesOf(tx)).filter(name => !PASSING.includes(name))) {
      await tx.$executeRawUnsafe(`DECLARE backup CURSOR FOR SELECT row_to_json(t)::text AS line FROM "${table}" t`)
      for (;;) {
        const found = await tx.$queryRawUnsafe<{ line: string }[]>(`FETCH ${FETCH} FROM backup`)
        if (found.length === 0) break
        rows += found.length
        await write(found.map(({ line }) => `["${table}",${line}]\n`).join(''))
      }
      await tx.$executeRawUnsafe('CLOSE backup')
    }
    await write(`${JSON.stringify({ rows } satisfies Footer)}\n`)
    return rows
  })
}

/**
 * Puts a backup into an empty store of the same schema, whole or not at all. Throws AppError `invalid-input` where the
 * lines are no backup or were cut short, `conflict` where the store is not empty or of another version.
 */
export async function readBackup(db: Database, lines: AsyncIterable<string>): Promise<number> {
  return inTransaction(db, async tx => {
    const tables = await tablesOf(tx)
    await refuseFull(tx)
    const constraints = await deferConstraints(tx)
    // What they keep comes from the backup too.
    const triggered = await tablesWithTriggers(tx)
    for (const table of triggered) await tx.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    let rows = 0
    let header: Header | null = null
    let footer: Footer | null = null
    let batch: { table: string; lines: string[] } = { table: '', lines: [] }
    const flush = async () => {
      if (batch.lines.length > 0) await insert(tx, batch)
      batch = { table: '', lines: [] }
    }
    for await (const line of lines) {
      if (header === null) {
        header = headerOf(line)
        await refuseOther(tx, header)
        continue
      }
      const row = /^\["(\w+)",(.*)\]$/s.exec(line)
      if (row === null) {
        footer = JSON.parse(line) as Footer
        continue
      }
      const [, table = '', json = ''] = row
      if (!tables.includes(table)) throw notBackup(`it names a table ${table} that there is not`)
      if (table !== batch.table || batch.lines.length >= FETCH) await flush()
      batch = { table, lines: [...batch.lines, json] }
      rows += 1
    }
    await flush()
    if (footer === null || footer.rows !== rows) throw notBackup('it was cut short')
    await settleConstraints(tx, constraints)
    for (const table of triggered) await tx.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
    await moveSequences(tx)
    return rows
  })
}

function headerOf(line: string): Header {
  try {
    const header = JSON.parse(line) as Partial<Header>
    if (header.plumbline === 'backup' && header.format === FORMAT && Array.isArray(header.migrations))
      return header as Header
  } catch {
    // Said below, together with what parses and is something else.
  }
  throw notBackup('it does not begin as one')
}

function notBackup(why: string): AppError {
  return new AppError('invalid-input', `This is no backup that can be restored: ${why}.`, 'Nothing was changed.')
}

async function refuseFull(tx: Session): Promise<void> {
  const [orgs, people] = [await tx.org.count(), await tx.user.count()]
  if (orgs + people > 0)
    throw new AppError(
      'conflict',
      'The database is not empty.',
      'Restore into a new one, and keep this until you looked.',
    )
}

async function refuseOther(tx: Session, header: Header): Promise<void> {
  if (JSON.stringify(header.migrations) === JSON.stringify(await migrationsOf(tx))) return
  throw new AppError(
    'conflict',
    'The backup was made by another version of Plumbline.',
    'Restore it with that version; a newer one then brings the database up to date by itself.',
  )
}

async function migrationsOf(tx: Session): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select migration_name as name from "_prisma_migrations" where rolled_back_at is null order by 1`
  return rows.map(({ name }) => name)
}

async function tablesOf(tx: Session): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select tablename as name from pg_tables
    where schemaname = current_schema() and tablename <> '_prisma_migrations' order by 1`
  return rows.map(({ name }) => name)
}

async function insert(tx: Session, { table, lines }: { table: string; lines: string[] }): Promise<void> {
  const rows = `[${lines.join(',')}]`
  await tx.$executeRawUnsafe(
    `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
    rows,
  )
}

async function tablesWithTriggers(tx: Session): Promise<string[]> {
  const rows = await tx.$queryRaw<{ table: string }[]>`
    select distinct t.tgrelid::regclass::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace`
  return rows.map(({ table }) => table)
}

type Constraint = { table: string; name: string }

/** Rows refer to each other in a circle: who is there is asked once all are. */
async function deferConstraints(tx: Session): Promise<Constraint[]> {
  const found = await tx.$queryRaw<Constraint[]>`
    select c.conrelid::regclass::text as table, c.conname as name from pg_constraint c
    where c.contype = 'f' and c.connamespace = current_schema()::regnamespace`
  for (const { table, name } of found)
    await tx.$executeRawUnsafe(`ALTER TABLE ${table} ALTER CONSTRAINT "${name}" DEFERRABLE INITIALLY DEFERRED`)
  return found
}

async function settleConstraints(tx: Session, constraints: readonly Constraint[]): Promise<void> {
  await tx.$executeRawUnsafe('SET CONSTRAINTS ALL IMMEDIATE')
  for (const { table, name } of constraints)
    await tx.$executeRawUnsafe(`ALTER TABLE ${table} ALTER CONSTRAINT "${name}" NOT DEFERRABLE`)
}

/** New rows get numbers behind those that came from the backup. */
async function moveSequences(tx: Session): Promise<void> {
  const columns = await tx.$queryRaw<{ table: string; column: string; sequence: string }[]>`
    select c.table_name as table, c.column_name as column,
      pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) as sequence
    from information_schema.columns c
    where c.table_schema = current_schema() and pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) is not null`
  for (const { table, column, sequence } of columns)
    await tx.$executeRawUnsafe(
      `SELECT setval('${sequence}', greatest(1, (SELECT coalesce(max("${column}"), 0) FROM "${table}")))`,
    )
}
