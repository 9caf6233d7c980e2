import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedDatabase, startDatabase } from '../../scripts/database.ts'

describe('the embedded database', () => {
  // Making a database takes seconds; every test copies this one.
  const template = mkdtempSync(join(tmpdir(), 'plumbline-template-'))
  let dir: string
  const started: EmbeddedDatabase[] = []

  beforeAll(async () => {
    await (await startDatabase({ dir: template })).stop()
  })
  afterAll(() => rmSync(template, { recursive: true, force: true }))
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'plumbline-data-'))
    cpSync(join(template, 'data'), join(dir, 'data'), { recursive: true })
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map(database => database.stop()))
    chmodSync(dir, 0o700)
    rmSync(dir, { recursive: true, force: true })
  })

  async function start(port?: number): Promise<EmbeddedDatabase> {
    const database = await startDatabase({ dir, ...(port === undefined ? {} : { port }) })
    started.push(database)
    return database
  }

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined) // the server is killed under it
    await client.connect()
    return client
  }

  test('refuses a directory that another process holds, and names it', async () => {
    const first = await start()
    await expect(startDatabase({ dir })).rejects.toMatchObject({
      code: 'data-directory-held',
      message: expect.stringContaining(`process ${first.pid}`),
    })
    // The refused one did no harm: the first still answers.
    const client = await connect(first.url)
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })

  test('counts and tidies its tables, as a server does', async () => {
    const client = await connect((await start()).url)
    const told = async (what: 'last_analyze' | 'last_vacuum') =>
      (await client.query(`SELECT ${what} AS at FROM pg_stat_user_tables WHERE relname = 'many'`)).rows[0]?.at ?? null
    await client.query('CREATE TABLE many AS SELECT n FROM generate_series(1, 5000) n')
    await expect.poll(() => told('last_analyze'), { timeout: 20_000 }).not.toBeNull()
    const { rows } = await client.query(`SELECT reltuples FROM pg_class WHERE relname = 'many'`)
    expect(rows).toEqual([{ reltuples: 5000 }])
    expect(await told('last_vacuum')).toBeNull()
    await client.query('UPDATE many SET n = n + 1')
    await expect.poll(() => told('last_vacuum'), { timeout: 20_000 }).not.toBeNull()
    await client.end()
  })

  test('of two starters at the same moment one gets the directory', async () => {
    const results = await Promise.allSettled([start(), start()])
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('kill -9 keeps every acknowledged commit, and the next start needs no waiting', async () => {
    let kept = 0
    for (let round = 0; round < 3; round++) {
      const database = await start()
      const client = await connect(database.url)
      await client.query('CREATE TABLE IF NOT EXISTS t (n int)')
      expect((await client.query('SELECT count(*)::int AS n FROM t')).rows).toEqual([{ n: kept }])
      for (let n = 0; n < 25; n++, kept++) await client.query('INSERT INTO t VALUES ($1)', [n])
      await client.query('BEGIN')
      await client.query('INSERT INTO t VALUES (0)')
      process.kill(database.pid, 'SIGKILL')
      await database.exited
    }
    const client = await connect((await start()).url)
    expect((await client.query('SELECT count(*)::int AS n FROM t')).rows).toEqual([{ n: kept }])
    await client.end()
  })

  test('many clients at once get their own answers, and a transaction keeps its own', async () => {
    const { url } = await start()
    const clients = await Promise.all(Array.from({ length: 8 }, () => connect(url)))
    await clients[0]?.query('CREATE TABLE t (n int)')
    const answers = await Promise.all(
      clients.map(async (client, index) => {
        await client.query('BEGIN')
        for (let n = 0; n < 20; n++) await client.query('INSERT INTO t VALUES ($1)', [index])
        const { rows } = await client.query('SELECT count(*)::int AS mine FROM t WHERE n = $1', [index])
        await client.query(index % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
        return rows[0].mine
      }),
    )
    expect(answers).toEqual(clients.map(() => 20))
    expect((await clients[1]?.query('SELECT count(*)::int AS n FROM t'))?.rows).toEqual([{ n: 80 }])
    await Promise.all(clients.map(client => client.end()))
  })

  test('statements with parameters of many clients do not mix', async () => {
    const { url } = await start()
    const pool = new pg.Pool({ connectionString: url, max: 10 })
    const sum = async (n: number) => {
      const list = Array.from({ length: n % 40 }, (_, index) => index)
      const sql = `SELECT $1::int AS n${list.map(index => `, $${index + 2}::int AS c${index}`).join('')}`
      return (await pool.query(sql, [n, ...list])).rows[0]
    }
    const answers = await Promise.all(Array.from({ length: 400 }, (_, n) => sum(n)))
    expect(answers.map(row => row.n)).toEqual(answers.map((_, n) => n))
    expect(answers.map(row => Object.keys(row).length)).toEqual(answers.map((_, n) => 1 + (n % 40)))
    await pool.end()
  })

  test('something that is not a client of a database harms nobody', async () => {
    const { url } = await start()
    const socket = connectTo(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n\0\0\0\0\0\0')
    const halfway = connectTo(Number(new URL(url).port), '127.0.0.1')
    halfway.write(Buffer.from([0, 0, 0, 8, 0, 0]))
    const client = await connect(url)
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
    for (const stranger of [socket, halfway]) stranger.destroy()
  })

  test('a client that goes in the middle of a transaction does not stop the others', async () => {
    const { url } = await start()
    const [gone, other] = await Promise.all([connect(url), connect(url)])
    await other.query('CREATE TABLE t (n int)')
    await gone.query('BEGIN')
    await gone.query('INSERT INTO t VALUES (1)')
    const waiting = other.query('SELECT count(*)::int AS n FROM t')
    const { stream } = (gone as unknown as { connection: { stream: Socket } }).connection
    stream.destroy()
    expect((await waiting).rows).toEqual([{ n: 0 }])
    await other.end()
  })

  test('refuses a port that is taken, and lets go of the directory', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await expect(start(port)).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(String(port)),
    })
    server.close()
    await start()
  })

  // Root may write everywhere, so that only another user can see this refusal.
  test.skipIf(process.getuid?.() === 0)('refuses a directory that it may not write', async () => {
    chmodSync(dir, 0o500)
    await expect(startDatabase({ dir: join(dir, 'inner') })).rejects.toMatchObject({
      code: 'data-directory-unwritable',
    })
  })

  test('refuses a place that cannot be a directory', async () => {
    await expect(startDatabase({ dir: '/dev/null/data' })).rejects.toMatchObject({ code: 'data-directory-unwritable' })
  })
})
