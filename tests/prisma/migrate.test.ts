import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startEngine } from '#prisma/engine.ts'
import { migrate, readMigrations } from '#prisma/migrate.ts'
import { refusalOf } from '#prisma/refusals.ts'
import { describeDatabases, describePostgres } from '#tests/database.ts'

const EMPTY = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'
const NAMES = readMigrations().migrationDirectories.map(directory => directory.path)

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query(sql)
    return result.rows ?? []
  } finally {
    await client.end()
  }
}

/** Every column, index and constraint, one a line. */
async function catalogue(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `SELECT concat_ws(' ', table_name, column_name, udt_name, character_maximum_length, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
     ORDER BY 1`,
  )
  return rows.map(row => String(row.line))
}

async function listen(answer: (socket: Socket) => void = () => undefined): Promise<{ server: Server; port: number }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

async function tables(url: string): Promise<number> {
  const rows = await query(url, `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`)
  return Number(rows[0]?.n)
}

describeDatabases('migrate', database => {
  test('of starters at the same moment one migrates and the others find nothing to do', async () => {
    await query(database.url, EMPTY)
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)))
    expect(applied.filter(names => names.length > 0)).toEqual([NAMES])
    expect(await query(database.url, 'SELECT migration_name FROM _prisma_migrations')).toHaveLength(NAMES.length)
    expect(await migrate(database.url)).toEqual([])
  })

  test('refuses a database that a newer version migrated, and leaves it as it is', async () => {
    await query(
      database.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', now())`,
    )
    await expect(migrate(database.url)).rejects.toMatchObject({ code: 'database-newer' })
    await query(database.url, `DELETE FROM _prisma_migrations WHERE id = 'x'`)
  })

  test('a migration that fails leaves nothing behind, and can be tried again', async () => {
    await query(database.url, `${EMPTY}; CREATE TYPE "Finding" AS (id int)`)
    await expect(migrate(database.url)).rejects.toThrow(/Finding.*already exists/)
    expect(await tables(database.url)).toBe(0)
    await query(database.url, 'DROP TYPE "Finding"')
    expect(await migrate(database.url)).toEqual(NAMES)
  })

  test('refuses a database that holds the tables of something else', async () => {
    await query(database.url, `${EMPTY}; CREATE TABLE somebody (id int)`)
    await expect(migrate(database.url)).rejects.toMatchObject({ code: 'database-refused' })
    expect(await tables(database.url)).toBe(1)
    await query(database.url, EMPTY)
    await migrate(database.url)
  })

  test('a finding has one open row at most', async () => {
    await query(
      database.url,
      `INSERT INTO "Org" (id, login, "apiUrl", "webUrl") VALUES (1, 'a', 'a', 'a');
       INSERT INTO "Repository" (id, "orgId", "nodeId", name, visibility, archived, fork, empty)
         VALUES (1, 1, 'a', 'a', 'public', false, false, false)`,
    )
    const insert = (fixed: string) =>
      query(
        database.url,
        `INSERT INTO "Finding" ("repositoryId", "checkId", fingerprint, path, "startLine", "endLine", excerpt, message, weight,
           "firstSeen", "firstCommit", "lastSeen", "fixedAt") VALUES (1, 'a', 'a', '', 1, 1, '', '', 1, now(), '', now(), ${fixed})`,
      )
    await insert('now()')
    await insert('now()')
    await insert('NULL')
    await expect(insert('NULL')).rejects.toThrow('Finding_open_key')
  })
})

describePostgres('migrations', database => {
  test('lead exactly to schema.prisma, but for what stands in them by hand', async () => {
    const migrated = await catalogue(database.url)
    await query(database.url, EMPTY)
    const pool = new pg.Pool({ connectionString: database.url, max: 1 })
    const engine = await startEngine(pool)
    await pool.query(await engine.diffToSchema({ tag: 'empty' }))
    await pool.end()
    const ours = (line: string) =>
      /Finding_open_(?:key|idx)|Waiver_open_key|Repository_called_idx|Package_\w+_begins_idx/.test(line)
    const byHand = (line: string) => ours(line) || line.includes('_prisma_migrations')
    // Rights may be known before the repository is: Prisma has the relation, the database does not hold it.
    const unheld = (line: string) => line.includes('RepositoryAccess_repositoryId_fkey')
    const wanted = await catalogue(database.url)
    expect(migrated.filter(line => !byHand(line))).toEqual(wanted.filter(line => !unheld(line)))
    expect(migrated.filter(ours)).toHaveLength(6)
    expect(wanted.filter(unheld)).toHaveLength(1)
  })

  test('a wrong password or a database that is not there is refused with its reason', async () => {
    const url = database.url.replace(/\/test_[^?]*/, '/nowhere')
    await expect(migrate(url)).rejects.toMatchObject({
      code: 'database-refused',
      message: expect.stringContaining('nowhere'),
    })
  })
})

test('a server that does not answer is unreachable, by a sentence without the password', async () => {
  const { server, port } = await listen()
  await new Promise(resolve => server.close(resolve))
  const error = await migrate(`postgresql://me:secret@127.0.0.1:${port}/plumbline`).catch(refusal => refusal)
  expect(error).toMatchObject({ code: 'database-unreachable' })
  expect(error.message).toContain(`127.0.0.1:${port}`)
  expect(`${error.message} ${error.hint}`).not.toContain('secret')
})

test('an older server and a full disk are told by what the server answers', async () => {
  const { server, port } = await listen(socket => answerAs(socket, '130014'))
  const refusal = await migrate(`postgresql://me@127.0.0.1:${port}/plumbline?sslmode=disable`).catch(error => error)
  expect(refusal).toMatchObject({ code: 'database-too-old', message: expect.stringContaining('PostgreSQL 13') })
  server.close()
  const full = Object.assign(new Error('could not extend file'), { code: '53100' })
  const wrapped = Object.assign(new Error('prisma'), {
    meta: { driverAdapterError: new Error('adapter', { cause: full }) },
  })
  expect(refusalOf(wrapped, 'postgresql://h/d')).toMatchObject({ code: 'disk-full' })
  expect(refusalOf(new TypeError('a bug'), 'postgresql://h/d')).toBeNull()
})

// The least of the protocol that tells a version: ready after the greeting, then one row for every query.
function answerAs(socket: Socket, version: string): void {
  const message = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length + 4)
    return Buffer.concat([Buffer.from(type), length, body])
  }
  const ready = message('Z', Buffer.from('I'))
  const column = Buffer.concat([
    Buffer.from('version\0'),
    Buffer.alloc(6),
    Buffer.from([0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
  ])
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), Buffer.from(version)])
  const answer = [
    message('T', Buffer.concat([Buffer.from([0, 1]), column])),
    message('D', row),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ]
  socket.on('error', () => socket.destroy())
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
    socket.on('data', data => data[0] === 0x51 && socket.write(Buffer.concat(answer)))
  })
}
