/**
 * `npm run bench -- crawl --repos N [--limit N] [--latency MS] [--postgres]`: what an organisation of made-up repositories
 * costs over HTTP, case by case: the first crawl, a poll, pushes to 500, a sweep, what repositories alone tell of
 * themselves, and judging everything again after the checklist changed. The computing is told apart from the watch, which
 * shows a busy machine, and apart from the pretend GitHub, which shares the cores here and nowhere else.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { pushSynthetic } from '#demo/github/synthetic.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import type { JobName, JobPayload } from '#lib/queue/jobs.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { markListed, type Org, saveOrg } from '#lib/store/orgs.ts'
import { migrate } from '#prisma/migrate.ts'
import { usageBook } from '#workers/context.ts'
import { AT_ONCE, handlersOf } from '#workers/handlers.ts'
import { collectSooner } from '#workers/memory.ts'
import { scanAgain } from '#workers/scan-again.ts'
import { databaseFor } from './databases.ts'
import { makeMadeUpGitHub } from './made-up-github.ts'
import { forgetPeak, peakOf, secondsOf } from './usage.ts'

type Options = { repos: number; limit?: number; latency: number; cases: number; postgres: boolean }
type Row = { case: string; rest: number; points: number; git: number; seconds: number; 'repos/s': number }
/** Seconds of computing by process. */
type Computed = { worker: number; judges: number; database: number; github: number }

const { repos, limit, latency, cases, postgres } = new Command('npm run bench -- crawl')
  .option('--repos <number>', 'how many repositories, of eight relevant files each', wholeNumber, 1000)
  .option(
    '--limit <number>',
    'requests and points an hour: 5000 of a personal token, 12500 of an app; without it there are no limits at all',
    wholeNumber,
  )
  .option('--latency <milliseconds>', 'how long each answer of the API is under way', wholeNumber, 0)
  .option(
    '--cases <number>',
    'end after so many of them: with limits those after the first wait for the next hour',
    wholeNumber,
    6,
  )
  .option('--postgres', 'on a PostgreSQL of its own instead of the embedded database', false)
  .parse()
  .opts<Options>()
collectSooner()
const aside: JobPayload<'read-settings'>[] = []
const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'))
const github = await makeMadeUpGitHub(join(folder, 'all.git'), { repos, limit: limit ?? null, latency })
const database = await databaseFor(folder, postgres)
const computed: object[] = []
/** In MB, by case: what was made up before in this process is no worker's. */
const peaks: number[] = []
await migrate(database.url)
const db = openDatabase(database.url)
const judges = openJudges()
try {
  const { api, web } = connect({ apiUrl: github.apiUrl, token: 'any' }).addresses
  const org = await saveOrg(db, { login: github.org, apiUrl: api, webUrl: web, demo: false })
  const look = { name: 'discover-repositories', payload: { orgId: org.id } } as const
  const pushed = Math.min(500, repos)
  const steps: [string, Job | 'scan again' | 'asked alone', (() => Promise<unknown>)?][] = [
    ['first crawl', look],
    ['a seventh of all asked alone', 'asked alone'],
    ['poll, nothing pushed', look],
    [`${pushed} pushed to`, look, () => pushSynthetic(join(folder, 'all.git'), { repos: pushed })],
    ['nightly sweep', look, () => markListed(db, org.id, { pushedUntil: null })],
    ['checklist changed', 'scan again', () => db.$executeRaw`UPDATE "Scan" SET "checklistVersion" = 'the one before'`],
  ]
  const rows: Row[] = []
  for (const [what, job, prepare] of steps.slice(0, cases)) {
    await prepare?.()
    rows.push(await measure(what, job, org))
  }
  console.table(rows)
  console.log('Milliseconds of computing for each repository, and how many a second that is on two cores:')
  console.table(computed)
  console.log('Requests at one time at the most, and refused by secondary limits:', await github.seen())
  console.table([
    { process: 'worker', 'peak MB': Math.max(...peaks), 'CPU s': Math.round(computedNow().worker) },
    ...judges.pids().map(pid => ({ process: 'one of its judges', ...used(pid) })),
    ...database.pids.map(pid => ({ process: database.name, ...used(pid) })),
    { process: 'pretend GitHub', ...used(github.pid) },
  ])
} finally {
  await judges.close()
  await closeDatabase(db)
  await database.stop()
  await github.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** What only repositories tell of themselves is asked slowly, a seventh of all after a sweep: it is counted by itself. */
function* putAside(): Generator<Job> {
  for (let job = aside.shift(); job !== undefined; job = aside.shift()) yield { name: 'read-settings', payload: job }
}

type Job = { [Name in JobName]: { name: Name; payload: JobPayload<Name> } }[JobName]

async function measure(what: string, job: Job | 'scan again' | 'asked alone', org: Org): Promise<Row> {
  const connection = connect({ apiUrl: github.apiUrl, token: 'any' })
  const queue = inlineQueue()
  forgetPeak()
  const started = performance.now()
  const before = computedNow()
  const context = {
    db,
    queue,
    judges,
    source: githubSource(connection, org.login),
    now: () => new Date(),
    log: createLog('warn'),
    replay: false,
    bookUsage: usageBook(db, connection),
  }
  const isAside = job === 'asked alone'
  if (job === 'scan again') await scanAgain(context, org.id)
  else if (isAside) for (const one of putAside()) await queue.enqueue(one.name, one.payload)
  else await queue.enqueue(job.name, job.payload)
  const handlers = handlersOf(context)
  const later = async (payload: JobPayload<'read-settings'>) => void aside.push(payload)
  await queue.drain(isAside ? handlers : { ...handlers, 'read-settings': later }, new AbortController().signal, AT_ONCE)
  const seconds = (performance.now() - started) / 1000
  const { rest, points, git } = connection.spent
  const peak = peakOf(process.pid) ?? Number.NaN
  peaks.push(peak)
  computed.push({ case: what, ...shares(before, computedNow()), 'worker peak MB': peak })
  return { case: what, rest, points, git, seconds: Number(seconds.toFixed(1)), 'repos/s': Math.round(repos / seconds) }
}

/** The worker starts all others here, so that its own seconds are what the system tells of this process alone. */
function computedNow(): Computed {
  const { user, system } = process.cpuUsage()
  const of = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + (secondsOf(pid) ?? 0), 0)
  const others = { judges: of(judges.pids()), database: of(database.pids), github: of([github.pid]) }
  return { worker: (user + system) / 1e6, ...others }
}

function shares(before: Computed, after: Computed) {
  const each = (name: keyof Computed) => ((after[name] - before[name]) * 1_000) / repos
  const [worker, inJudges, inDatabase, inGitHub] = [each('worker'), each('judges'), each('database'), each('github')]
  // One process computes on one core at a time, and all of them on two.
  const most = (all: number) => Math.round(1_000 / Math.max(worker, all / 2))
  const ours = worker + inJudges + inDatabase
  const rounded = (ms: number) => Number(ms.toFixed(1))
  return {
    ...{ worker: rounded(worker), judges: rounded(inJudges), database: rounded(inDatabase), github: rounded(inGitHub) },
    'repos/s': most(ours),
    'beside GitHub': most(ours + inGitHub),
  }
}

function used(pid: number) {
  const seconds = secondsOf(pid)
  return { 'peak MB': peakOf(pid), 'CPU s': seconds === null ? null : Math.round(seconds) }
}

function wholeNumber(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('Write a whole number from 1 to 999999.')
}
