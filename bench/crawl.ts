/** `npm run bench -- crawl --repos N`: a first crawl of made-up repositories over HTTP, then a poll where nothing changed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { migrate } from '#prisma/migrate.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'
import { startDatabase } from '../scripts/database.ts'
import { makeMadeUpGitHub } from './made-up-github.ts'

type Row = { what: string; rest: number; points: number; git: number; seconds: number; reposPerSecond: number }

const { repos } = new Command('npm run bench -- crawl')
  .option('--repos <number>', 'how many repositories, of eight relevant files each', wholeNumber, 1000)
  .parse()
  .opts<{ repos: number }>()
const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'))
const github = await makeMadeUpGitHub(join(folder, 'all.git'), repos)
const database = await startDatabase({ dir: join(folder, 'database') })
try {
  await migrate(database.url)
  const first = await measure('first crawl')
  console.table([first, await measure('poll, nothing new')])
  console.table([
    { process: 'crawl and scan', 'peak MB': Math.round(process.resourceUsage().maxRSS / 1024) },
    { process: 'database', 'peak MB': peakOf(database.pid) },
    { process: 'pretend GitHub', 'peak MB': peakOf(github.pid) },
  ])
} finally {
  await database.stop()
  await github.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(what: string): Promise<Row> {
  const db = openDatabase(database.url)
  const connection = connect({ apiUrl: github.apiUrl, token: 'any' })
  const { api, web } = connection.addresses
  const org = await saveOrg(db, { login: github.org, apiUrl: api, webUrl: web, demo: false })
  const queue = inlineQueue()
  const signal = new AbortController().signal
  const started = performance.now()
  await queue.enqueue('discover-repositories', { orgId: org.id })
  await queue.drain(
    handlersOf({
      db,
      queue,
      source: githubSource(connection, github.org),
      now: () => new Date(),
      log: createLog('warn'),
      replay: false,
      bookUsage: usageBook(db, connection),
    }),
    signal,
  )
  const seconds = (performance.now() - started) / 1000
  await closeDatabase(db)
  const { rest, points, git } = connection.spent
  return { what, rest, points, git, seconds: Number(seconds.toFixed(1)), reposPerSecond: Math.round(repos / seconds) }
}

// Only Linux tells what another process took at most.
function peakOf(pid: number): number | null {
  if (process.platform !== 'linux') return null
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}

function wholeNumber(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('Write a whole number from 1 to 999999.')
}
