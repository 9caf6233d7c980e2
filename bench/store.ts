/**
 * `npm run bench -- store [--repos N] [--days N] [--scans N] [--postgres]`: how large the store of an organisation becomes
 * over the days, table by table, what thinning it takes, and the ten heaviest queries of the pages with their plans.
 */
import { createHash } from 'node:crypto'
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

/** `rows`: how many it gave, or changed. */
type Query = { page: string; text: string; values: unknown[]; ms: number; rows: number }

/** What of the pages must be after thinning what it was before. */
const LASTING = /^\/(\?|$)|^\/(trends|owners|report|checks|repositories\?)/

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
  const reads = pageReads(db, { sees: { all: true }, orgId, check, member, now, repos: size.repos })
  const ofSome = pageReads(db, { sees: { all: false, userId: member }, orgId, check, member, now, repos: size.repos })
  const told = async () => ({ ...(await answers(reads)), ...(await answers(ofSome, ' of some')), ...(await kept(db)) })
  const before = await told()
  const thinning = await thinned(db, orgId, now)
  const removed = await timed(() => removeUnheld(db, now))
  console.log(`Looked for content that nothing holds in ${removed.seconds} s:`, removed.result)
  await db.$executeRawUnsafe('vacuum analyze')
  console.table(await sizes(db))
  if (thinning > 0) {
    // What went is room for what comes; packed anew the tables show how much is needed.
    await db.$executeRawUnsafe('vacuum full')
    await db.$executeRawUnsafe('analyze')
    console.log('The same, packed:')
    console.table(await sizes(db))
  }
  const after = await told()
  const changed = Object.keys(before).filter(what => before[what] !== after[what])
  if (changed.length > 0) throw new Error(`Thinning changed what these tell: ${changed.join(', ')}`)
  console.log(`Thinning changed nothing of ${Object.keys(before).length} answers and kept figures.`)
  const heaviest = await heaviestOf(reads)
  console.table(
    heaviest.map(({ page, ms, text }) => ({ page, ms: Math.round(ms), query: shortened(text).slice(0, 60) })),
  )
  for (const query of heaviest) {
    console.log(`\n${query.ms.toFixed(0)} ms, ${query.page}: ${shortened(query.text).slice(0, 160)}`)
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

/** Thins the history; tells how many statements that takes, and what each of them is at the most. */
async function thinned(db: Database, orgId: number, now: Date): Promise<number> {
  let count = 0
  const run = await timed(() =>
    recorded('thinning', async () => {
      count = await thinHistory(db, { orgId, now })
    }),
  )
  const removing = run.result.filter(({ text }) => /DELETE/.test(text))
  const most = (numbers: readonly number[]) => Math.round(Math.max(0, ...numbers))
  console.table({
    scans: { thinned: count, seconds: run.seconds, statements: run.result.length },
    'at the most, a statement': {
      thinned: most(removing.filter(({ text }) => /DELETE FROM "Scan"/.test(text)).map(({ rows }) => rows)),
      seconds: most(removing.map(({ ms }) => ms)) / 1_000,
      statements: 1,
    },
  })
  return count
}

/** What the pages of the organisation tell, each as a text. */
async function answers(reads: Readonly<Record<string, () => Promise<unknown>>>, whose = '') {
  const told: Record<string, string> = {}
  for (const [page, read] of Object.entries(reads)) {
    if (LASTING.test(page))
      told[page + whose] = createHash('sha256')
        .update(textOf(await read()))
        .digest('hex')
  }
  return told
}

/** In one order of names, and to nine places: in what order rows are added up is the database's own affair. */
function textOf(answer: unknown): string {
  return JSON.stringify(answer, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'number') return Number(value.toPrecision(9))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** The figures that triggers keep, each table as one text. */
async function kept(db: Database): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const table of ['Course', 'Standing', 'ScoreHistory']) {
    const [row] = await db.$queryRawUnsafe<{ all: string | null }[]>(
      `SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) AS "all" FROM "${table}" t`,
    )
    found[table] = row?.all ?? ''
  }
  return found
}

function shortened(text: string): string {
  return text.replace(/\s+/g, ' ')
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
    const told = (answer?: { rowCount?: number | null }) => {
      const ms = performance.now() - begun
      found.push({ page, text, values: values ?? [], ms, rows: answer?.rowCount ?? 0 })
    }
    const last = args.at(-1)
    const answered =
      typeof last === 'function'
        ? (...answer: unknown[]) => {
            told(answer[1] as pg.QueryResult | undefined)
            last(...answer)
          }
        : last
    const answer: unknown = Reflect.apply(query, this, [...args.slice(0, -1), answered])
    if (answer instanceof Promise) answer.then(told, () => told())
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
