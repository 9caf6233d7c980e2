/** `npm run crawl`: one crawl of an organisation, to its end, and a table of what came of it and what it took. */
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { githubSource } from '#lib/crawl/github-source.ts'
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { connect } from '#lib/github/client.ts'
import { goThroughProxy } from '#lib/github/proxy.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { markListed, saveOrg } from '#lib/store/orgs.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { migrate } from '#prisma/migrate.ts'
import { usageBook } from '#workers/context.ts'
import { AT_ONCE, handlersOf } from '#workers/handlers.ts'
import { startDatabase } from './database.ts'
import { say, seconds } from './terminal.ts'

type Options = { org?: string; apiUrl: string; data: string }

async function main(): Promise<void> {
  const env = readEnv()
  goThroughProxy(env)
  const { org, apiUrl, data } = new Command('npm run crawl --')
    .description('Crawls an organisation once, to the end. The token comes from GITHUB_TOKEN.')
    .option('--org <name>', 'the organisation', env.github?.orgs[0])
    .option('--api-url <url>', 'the API, e.g. https://HOST/api/v3', env.githubApiUrl)
    .option('--data <folder>', 'where the embedded database is kept', env.dataDirectory)
    .parse()
    .opts<Options>()
  if (org === undefined || env.githubToken === null) {
    throw new AppError(
      'invalid-configuration',
      org === undefined ? 'No organisation is named.' : 'GITHUB_TOKEN is not set.',
      'Write GITHUB_TOKEN=… npm run crawl -- --org NAME.',
    )
  }
  const database = env.databaseUrl === null ? await startDatabase({ dir: join(resolve(data), 'database') }) : null
  try {
    const url = env.databaseUrl ?? database?.url ?? ''
    await migrate(url)
    await crawlOnce({ url, org, apiUrl, token: env.githubToken, ownerProperties: env.ownerProperties })
  } finally {
    await database?.stop()
  }
}

type Once = Record<'url' | 'org' | 'apiUrl' | 'token', string> & { ownerProperties: readonly string[] | null }

async function crawlOnce({ url, org: login, apiUrl, token, ownerProperties }: Once) {
  const started = performance.now()
  const db = openDatabase(url)
  const judges = openJudges()
  try {
    const github = connect({ apiUrl, token, onWait: ({ reason }) => say(`Waiting: ${reason}`) })
    const { api, web } = github.addresses
    const org = await saveOrg(db, { login, apiUrl: api, webUrl: web, demo: false })
    // Somebody who asks for a crawl by hand wants all of it looked at.
    await markListed(db, org.id, { pushedUntil: null })
    const queue = inlineQueue()
    const stopping = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
    const handlers = handlersOf({
      db,
      queue,
      judges,
      source: githubSource(github, login, { ownerProperties }),
      now: () => new Date(),
      log: createLog('warn'),
      replay: false,
      bookUsage: usageBook(db, github),
    })
    await queue.enqueue('discover-repositories', { orgId: org.id })
    await queue.drain(handlers, stopping.signal, AT_ONCE)
    await report(db, org.id, started)
  } finally {
    await judges.close()
    await closeDatabase(db)
  }
}

async function report(db: Database, orgId: number, started: number): Promise<void> {
  const { runs, troubles } = await readCrawls(db, { orgId, sees: { all: true } })
  const [run] = runs
  if (run === undefined) return
  say(table(Object.entries(run.outcomes).map(([outcome, count]) => [outcome, String(count)])))
  for (const { outcome, reason, count, names } of troubles) {
    say(`${count} ${outcome}: ${reason ?? 'no reason told'} (${names.join(', ')})`)
  }
  say(
    table([
      ['repositories', String(run.total)],
      ['REST requests', String(run.rest)],
      ['GraphQL points', String(run.points)],
      ['git requests', String(run.git)],
      ['time', seconds(started)],
      ['peak memory', `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`],
    ]),
  )
  if (run.state === 'done') return
  process.stderr.write(`${run.reason ?? `The crawl was ${run.state} before its end.`}\n`)
  process.exitCode = 1
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(16)} ${value.padStart(10)}`).join('\n')
}

try {
  await main()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exitCode = 1
}
