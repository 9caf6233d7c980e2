/**
 * `npm run bench -- pages [--repos N] [--postgres]`: what the server needs for each page over a large organisation's store,
 * without the drawing, and how long a file of all findings takes.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { COLUMNS, exportQuery } from '#lib/api/exports.ts'
import type { Scope } from '#lib/api/frame.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { migrate } from '#prisma/migrate.ts'
import { databaseFor } from './databases.ts'
import { fillStore } from './made-up-store.ts'
import { pageReads } from './page-reads.ts'

const { postgres, rounds, ...size } = new Command('npm run bench -- pages')
  .option('--repos <number>', 'how many repositories', Number, 10_000)
  .option('--checks <number>', 'how many checks', Number, 35)
  .option('--scans <number>', 'how often each repository was judged', Number, 12)
  .option('--days <number>', 'over how many days', Number, 400)
  .option('--findings <number>', 'how many findings are open', Number, 300_000)
  .option('--rounds <number>', 'how often each page is read', Number, 30)
  .option('--postgres', 'on a PostgreSQL of its own instead of the embedded database', false)
  .parse()
  .opts<{
    repos: number
    checks: number
    scans: number
    days: number
    findings: number
    rounds: number
    postgres: boolean
  }>()

const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'))
const database = await databaseFor(folder, postgres)
await migrate(database.url)
const db = openDatabase(database.url)
try {
  const now = new Date()
  const begun = performance.now()
  const { orgId, check } = await fillStore(db, size, now)
  console.log(`Made the store in ${Math.round((performance.now() - begun) / 1000)} s.`)
  const table = []
  for (const [page, read] of Object.entries(
    pageReads(db, { scope: { orgId, sees: { all: true } }, check, now, repos: size.repos }),
  )) {
    table.push({ page, ...(await timesOf(read)) })
  }
  console.table(table)
  console.log(await file(db, { orgId, sees: { all: true } }, now))
} finally {
  await closeDatabase(db)
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function timesOf(read: () => Promise<unknown>) {
  const times: number[] = []
  await read()
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await read()
    times.push(performance.now() - begun)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.ceil(times.length * share) - 1] ?? 0).toFixed(1))
  return { 'p50 ms': at(0.5), 'p95 ms': at(0.95) }
}

/** Every open finding as CSV, read to its end as a slow browser would, with the memory that this process took. */
async function file(db: Database, scope: Scope, now: Date): Promise<string> {
  const before = process.memoryUsage().rss
  const begun = performance.now()
  const stream = tableStream({
    columns: COLUMNS.findings.map(column => column.name),
    format: 'csv',
    bom: false,
    batches: exportRows(db, 'findings', { scope, query: exportQuery.parse({}), now }),
  })
  let bytes = 0
  let most = before
  for await (const part of stream) {
    bytes += part.length
    most = Math.max(most, process.memoryUsage().rss)
  }
  const seconds = (performance.now() - begun) / 1000
  const megabytes = (size: number) => (size / 1e6).toFixed(0)
  return `${size.findings} findings as CSV: ${megabytes(bytes)} MB in ${seconds.toFixed(1)} s, memory grew by ${megabytes(most - before)} MB`
}
