/**
 * `npm run bench -- pages [--repos N] [--postgres]`: what the server needs for every page and route over a large
 * organisation's store, without the drawing, for one who sees everything and one who sees a part, and how long files of
 * all findings take. Says which are over their budget, and ends with 1 where one is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { COLUMNS, EXPORTS, type ExportName, exportQuery } from '#lib/api/exports.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { outdatedCallers } from '#lib/store/outdated-callers.ts'
import { migrate } from '#prisma/migrate.ts'
import { databaseFor } from './databases.ts'
import { fillContent } from './made-up-content.ts'
import { fillPeople } from './made-up-people.ts'
import { fillStore, type Size } from './made-up-store.ts'
import { pageReads } from './page-reads.ts'
import { secondsOf } from './usage.ts'

/** Of a server that has just begun the first visits to a page tell how programs are compiled. */
const VISITS_BEFORE = 5
/** Milliseconds that 95 of 100 visits may take. */
const BUDGET = { embedded: 50, postgres: 20 }

const { postgres, rounds, only, ...size } = new Command('npm run bench -- pages')
  .option('--repos <number>', 'how many repositories', Number, 10_000)
  .option('--checks <number>', 'how many checks', Number, 35)
  .option('--scans <number>', 'how often each repository was judged', Number, 12)
  .option('--days <number>', 'over how many days', Number, 400)
  .option('--findings <number>', 'how many findings are open', Number, 300_000)
  .option('--rounds <number>', 'how often each page is read', Number, 30)
  .option('--only <text>', 'only the pages and routes whose name holds this', '')
  .option('--postgres', 'on a PostgreSQL of its own instead of the embedded database', false)
  .parse()
  .opts<Size & { rounds: number; only: string; postgres: boolean }>()

const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'))
const database = await databaseFor(folder, postgres)
await migrate(database.url)
const db = openDatabase(database.url)
try {
  const now = new Date()
  const begun = performance.now()
  const { orgId, check } = await fillStore(db, size, now)
  await fillContent(db, size, now)
  const { member } = await fillPeople(db, size, now)
  await db.$executeRawUnsafe('vacuum analyze')
  console.log(`Made the store in ${Math.round((performance.now() - begun) / 1000)} s.`)
  const budget = postgres ? BUDGET.postgres : BUDGET.embedded
  const over = []
  for (const [who, sees] of [
    ['everything', { all: true }],
    ['a part', { all: false, userId: member }],
  ] as const) {
    const table = []
    const reads = pageReads(db, { orgId, sees, check, member, now, repos: size.repos })
    for (const [page, read] of Object.entries(reads)) {
      if (!page.includes(only)) continue
      const row = { page, ...(await timesOf(read)) }
      table.push(row)
      if (row['p95 ms'] > budget) over.push({ sees: who, ...row })
    }
    console.log(`For one who sees ${who}:`)
    console.table(table)
  }
  console.log('Between the pages, after each run:')
  console.table([{ what: 'who calls what changed', ...(await timesOf(() => outdatedCallers(db, orgId))) }])
  const files = []
  for (const what of EXPORTS)
    for (const format of ['csv', 'json'] as const) files.push(await file(db, what, format, { orgId, now }))
  console.table(files)
  console.log(`Over ${budget} ms in 95 of 100 visits:`, over.length === 0 ? 'none.' : '')
  if (over.length > 0) console.table(over)
  process.exitCode = over.length === 0 ? 0 : 1
} finally {
  await closeDatabase(db)
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Beside the watch, which shows a busy machine: what this process and the database computed for each visit. */
async function timesOf(read: () => Promise<unknown>) {
  const times: number[] = []
  for (let visit = 0; visit < VISITS_BEFORE; visit++) await read()
  const before = computedNow()
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await read()
    times.push(performance.now() - begun)
  }
  const computed = ((computedNow() - before) * 1_000) / rounds
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.ceil(times.length * share) - 1] ?? 0).toFixed(1))
  return { 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'computed ms': Number(computed.toFixed(1)) }
}

function computedNow(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + database.pids.reduce((sum, pid) => sum + (secondsOf(pid) ?? 0), 0)
}

/** A whole file, read to its end as a slow browser would, with the memory that this process took. */
async function file(
  db: Database,
  what: ExportName,
  format: 'csv' | 'json',
  { orgId, now }: { orgId: number; now: Date },
) {
  const before = process.memoryUsage().rss
  const begun = performance.now()
  const ours = process.cpuUsage()
  const computed = computedNow()
  const stream = tableStream({
    columns: COLUMNS[what].map(column => column.name),
    format,
    bom: false,
    batches: exportRows(db, what, { scope: { orgId, sees: { all: true } }, query: exportQuery.parse({}), now }),
  })
  let bytes = 0
  let lines = 0
  let most = before
  for await (const part of stream) {
    bytes += part.length
    for (const byte of part) if (byte === 10) lines += 1
    most = Math.max(most, process.memoryUsage().rss)
  }
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(ours)
  const rounded = (number: number) => Number(number.toFixed(1))
  return {
    file: `${what} as ${format}`,
    lines,
    MB: rounded(bytes / 1e6),
    seconds: rounded(seconds),
    'of it ours, computing': rounded((user + system) / 1e6),
    's for 100,000': rounded((seconds / lines) * 100_000),
    // Both together: what it takes on a machine that does nothing else, one after the other.
    'computed for 100,000': rounded(((computedNow() - computed) / lines) * 100_000),
    'MB grown': rounded((most - before) / 1e6),
  }
}
