/** `npm run worker`: runs jobs until it is told to stop. Any number of these may share one database. */
import { githubSource } from '#lib/crawl/github-source.ts'
import { type Env, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { connect } from '#lib/github/client.ts'
import { refuseChanged } from '#lib/integrity.ts'
import { createLog } from '#lib/log.ts'
import type { JobName } from '#lib/queue/jobs.ts'
import { openQueue, type Queue } from '#lib/queue/queue.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { listOrgs, type Org, saveOrg } from '#lib/store/orgs.ts'
import { migrate } from '#prisma/migrate.ts'
import { type Context, usageBook } from './context.ts'
import { handlersOf } from './handlers.ts'
import { scanAgain } from './scan-again.ts'
import { followHints, keepCrawling } from './schedule.ts'
import { keepAccess } from './sync-access.ts'

// Crawling is waiting for the host, scanning is computing: more than these would only wait for each other.
const AT_ONCE: Record<JobName, number> = {
  'discover-repositories': 1,
  'crawl-repositories': 1,
  'read-settings': 1,
  'scan-snapshots': 2,
}

async function main(): Promise<void> {
  const env = readEnv()
  const { databaseUrl, github: target } = env
  if (databaseUrl === null || target === null) {
    throw new AppError(
      'invalid-configuration',
      'The worker needs DATABASE_URL, GITHUB_TOKEN and GITHUB_ORG.',
      'Set them, or run npm start, which brings a database and a demo organisation.',
    )
  }
  const log = createLog(env.logLevel)
  // From its sources a worker is what was pulled last; where a build is run, it has to be that build.
  if (env.integrity.mode !== null) await refuseChanged(process.cwd(), env.integrity, line => log.warn(line))
  // Whoever starts first brings the schema up to date; the others find nothing to do.
  await migrate(databaseUrl)
  const db = openDatabase(databaseUrl)
  const queue = await openQueue({ url: databaseUrl, log, works: true })
  const github = connect({ apiUrl: env.githubApiUrl, token: target.token })
  const { api, web } = github.addresses
  const org = await rememberOrg(db, target.org, api, web)
  const context: Context = {
    db,
    queue,
    log,
    source: githubSource(github, target.org),
    now: () => new Date(),
    replay: false,
    bookUsage: usageBook(db, github),
  }
  await runJobs(queue, context)
  await scanAgain(context, org.id)
  const endSchedule = await keepCrawling({ queue, orgId: org.id, minutes: env.crawlMinutes, log })
  const endHints = followHints({ db, queue, orgId: org.id, log })
  const endAccess = mirrorRights(context, env)
  onStop(async () => {
    endSchedule()
    endHints()
    endAccess()
    await queue.stop()
    await closeDatabase(db)
  })
  log.info({ org: org.login }, 'The worker is ready.')
}

/** Only where people sign in by GitHub there are rights to mirror. */
function mirrorRights({ db, log, now }: Context, { signIn, secrets, githubApiUrl: apiUrl }: Env): () => void {
  const [current, ...older] = secrets
  if (!signIn?.github || current === undefined) return () => {}
  const orgs = async () => (await listOrgs(db)).filter(org => org.apiUrl === apiUrl).map(org => org.login)
  return keepAccess({ db, apiUrl, orgs, secrets: [current, ...older], now, log })
}

async function rememberOrg(db: Context['db'], login: string, apiUrl: string, webUrl: string): Promise<Org> {
  const known = (await listOrgs(db)).find(org => org.apiUrl === apiUrl && org.login === login)
  return known ?? saveOrg(db, { login, apiUrl, webUrl, demo: false })
}

async function runJobs(queue: Queue, context: Context): Promise<void> {
  const handlers = handlersOf(context)
  await queue.work('discover-repositories', handlers['discover-repositories'], AT_ONCE['discover-repositories'])
  await queue.work('crawl-repositories', handlers['crawl-repositories'], AT_ONCE['crawl-repositories'])
  await queue.work('read-settings', handlers['read-settings'], AT_ONCE['read-settings'])
  await queue.work('scan-snapshots', handlers['scan-snapshots'], AT_ONCE['scan-snapshots'])
}

function onStop(stop: () => Promise<void>): void {
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked) return
      asked = true
      void stop().then(() => process.exit(0))
    })
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exit(1)
}
