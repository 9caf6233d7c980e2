/**
 * `npm run bench -- store [--repos N] [--days N] [--scans N] [--postgres]`: how large the store of an organisation becomes
 * over the days, table by table, what thinning it takes, and the ten heaviest queries of the pages with their plans.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import pg from 'pg'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { thinHistory } from '#lib/store/history.ts'
import { removeUnheld } from '#lib/store/unheld.ts'
import { migrate } from '#prisma/migrate.ts'
import { databaseFor } from './databases.ts'
import { fillContent } from './made-up-content.ts'
import { fillPeople } from './made-up-people.ts'
import { fillStore } from './made-up-store.ts'
import { pageReads } from './page-reads.ts'

const MB = 1_000_000
const HEAVIEST = 10

const { postgres, ...size } = new Command('npm run bench -- store')
  .option('--repos <number>', 'how many repositories', Number, 10_000)
  .option('--checks <number>', 'how many checks', Number, 35)
  .option('--scans <number>', 'how often each repository was judged: a push every so many days', Number, 20)
  .option('--days <number>', 'over how many days', Number, 400)
  .option('--findings <number>', 'how many findings are open', Number, 300_000)
  .option('--postgres', 'on a PostgreSQL of its own instead of the embedded database', false)
  .parse()
  .opts<{ repos: number; checks: number; scans: number; days: number; findings: number; postgres: boolean }>()

type Query = { page: string; text: string; values: unknown[]; ms: number }

const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'))
const database = await databaseFor(folder, postgres)
await migrate(database.url)
const db = openDatabase(database.url)
try {
  const now = new Date()
  const { orgId, check } = await fillStore(db, size, now)
  await fillContent(db, size, now)
  const { member } = await fillPeople(db, size, now)
  console.table(await sizes(db))
  const thinned = await timed(() => thinHistory(db, { orgId, now }))
  const removed = await timed(() => removeUnheld(db, now))
  console.log(`Thinned ${thinned.result} scans in ${thinned.seconds} s.`)
  console.log(`Looked for content that nothing holds in ${removed.seconds} s:`, removed.result)
  await db.$executeRawUnsafe('vacuum analyze')
  console.table(await sizes(db))
  const heaviest = await heaviestOf(
    pageReads(db, { sees: { all: true }, orgId, check, member, now, repos: size.repos }),
  )
  for (const query of heaviest) {
    console.log(`\n${query.ms.toFixed(0)} ms, ${query.page}: ${query.text.replace(/\s+/g, ' ').slice(0, 160)}`)
    console.log(await planOf(database.url, query))
  }
} finally {
  await closeDatabase(db)
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function sizes(db: Database) {
  const rows = await db.$queryRaw<{ table: string; rows: number; own: number; indexes: number }[]>`
    SELECT c.relname AS "table", greatest(c.reltuples, 0)::float AS "rows", pg_table_size(c.oid)::float AS "own",
      pg_indexes_size(c.oid)::float AS "indexes"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 9`
  const [all] = await db.$queryRaw<{ bytes: number }[]>`
    SELECT sum(pg_total_relation_size(c.oid))::float AS bytes FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'`
  const inMegabytes = (bytes: number) => Math.round(bytes / MB)
  return [
    ...rows.map(({ table, rows: count, own, indexes }) => ({
      table,
      rows: count,
      'MB of rows': inMegabytes(own),
      'MB of indexes': inMegabytes(indexes),
    })),
    { table: 'all', 'MB in all': inMegabytes(all?.bytes ?? 0) },
  ]
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const begun = performance.now()
  const result = await work()
  return { result, seconds: Number(((performance.now() - begun) / 1_000).toFixed(1)) }
}

/** Each page is read twice, and the second time counts; a query that several pages make counts once. */
async function heaviestOf(reads: Readonly<Record<string, () => Promise<unknown>>>): Promise<Query[]> {
  const queries = new Map<string, Query>()
  for (const [page, read] of Object.entries(reads)) {
    await read()
    for (const query of await recorded(page, read)) {
      const known = queries.get(query.text)
      if (known === undefined || known.ms < query.ms) queries.set(query.text, query)
    }
  }
  return [...queries.values()].sort((a, b) => b.ms - a.ms).slice(0, HEAVIEST)
}

/** The statements that `read` sends to the database, and how long each took. */
async function recorded(page: string, read: () => Promise<unknown>): Promise<Query[]> {
  const found: Query[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const begun = performance.now()
    const [asked, given] = args as [string | pg.QueryConfig, unknown]
    const { text, values = [] } = typeof asked === 'string' ? { text: asked, values: given as unknown[] } : asked
    const told = () => found.push({ page, text, values: values ?? [], ms: performance.now() - begun })
    const last = args.at(-1)
    const answered =
      typeof last === 'function'
        ? (...answer: unknown[]) => {
            told()
            last(...answer)
          }
        : last
    const answer: unknown = Reflect.apply(query, this, [...args.slice(0, -1), answered])
    if (answer instanceof Promise) answer.then(told, told)
    return answer
  } as typeof query
  try {
    await read()
  } finally {
    pg.Client.prototype.query = query
  }
  return found
}

async function planOf(url: string, { text, values }: Query): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) ${text}`, values)
    return rows.map(row => `  ${row['QUERY PLAN']}`.slice(0, 150)).join('\n')
  } finally {
    await client.end()
  }
}
