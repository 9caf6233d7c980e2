/** `npm run worker`: runs jobs until it is told to stop. Any number of these may share one database. */
import { onSettings, readStored, storedBeside } from '#lib/auth/stored-settings.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { type Env, environment, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import type { GitHub } from '#lib/github/client.ts'
import { missedDeliveries } from '#lib/github/deliveries.ts'
import { goThroughProxy } from '#lib/github/proxy.ts'
import { refuseChanged } from '#lib/integrity.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog, redactOutput } from '#lib/log.ts'
import type { JobName } from '#lib/queue/jobs.ts'
import { type Handler, openQueue, type Queue } from '#lib/queue/queue.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { listOrgs, markAccount, type Org, saveOrg } from '#lib/store/orgs.ts'
import { settingsMark } from '#lib/store/stored-settings.ts'
import { testWhereNew } from '#lib/store/token-tests.ts'
import { migrate } from '#prisma/migrate.ts'
import { connections } from './connections.ts'
import { type Context, usageBook } from './context.ts'
import { AT_ONCE, handlersOf } from './handlers.ts'
import { collectSooner } from './memory.ts'
import { scanAgain } from './scan-again.ts'
import {
  followHints,
  followLooks,
  followPolicy,
  followPushes,
  followTests,
  followWaivers,
  keepCrawling,
} from './schedule.ts'
import { keepAccess } from './sync-access.ts'

/** With this status it ends to be started again (scripts/processes.ts, or whatever keeps it running). */
const AGAIN = 75

type Crawling = { org: Org; context: Context; github: GitHub }

async function main(): Promise<void> {
  collectSooner()
  redactOutput()
  // Before the first job there is nothing to bring to an end: what a migration has not committed is rolled back.
  let stop = async (): Promise<void> => {}
  onStop(() => stop())
  const given = readEnv(environment(), false)
  const { databaseUrl } = given
  if (databaseUrl === null) throw unset()
  goThroughProxy(given)
  const log = createLog(given.logLevel)
  // From its sources a worker is what was pulled last; where a build is run, it has to be that build.
  if (given.integrity.mode !== null) await refuseChanged(process.cwd(), given.integrity, line => log.warn(line))
  // Whoever starts first brings the schema up to date; the others find nothing to do.
  await migrate(databaseUrl)
  const db = openDatabase(databaseUrl)
  const mark = await settingsMark(db)
  const { values, lost } = await readStored(db, given.secrets)
  if (lost.length > 0)
    log.warn({ names: lost }, 'No secret of PLUMBLINE_SECRET opens these settings: they are left out.')
  const env = readEnv({ ...environment(), ...storedBeside(environment(), values) }, false)
  const { github: target } = env
  if (target === null) throw unset()
  const queue = await openQueue({ url: databaseUrl, log, works: true })
  const judges = openJudges({
    onTrouble: (repository, reason) => log.warn({ repository, reason }, 'A repository took its judge down.'),
  })
  const crawling: Crawling[] = []
  for (const { login, github, account } of connections(env, target, db)) {
    const { api, web } = github.addresses
    const org = await rememberOrg(db, login, api, web)
    await testWhereNew(db, { orgId: org.id, account, now: new Date() })
    await markAccount(db, org.id, account)
    const source = githubSource(github, login, { ownerProperties: env.ownerProperties })
    const bookUsage = usageBook(db, github)
    const context = {
      db,
      queue,
      log,
      source,
      judges,
      now: () => new Date(),
      replay: false,
      bookUsage,
      ...missedOf(env, target),
    }
    crawling.push({ org, context, github })
  }
  await runJobs(queue, crawling)
  const ends: (() => void)[] = []
  for (const { org, context, github } of crawling) {
    ends.push(followTests({ db, queue, orgId: org.id, log }, () => context.source.forget()))
    await scanAgain(context, org.id)
    ends.push(await keepCrawling({ queue, orgId: org.id, minutes: env.crawlMinutes, log }))
    ends.push(followHints({ db, queue, orgId: org.id, log }))
    if (env.webhookSecrets.length === 0) {
      const points = () => github.budget.graphql
      ends.push(followPushes({ ...context, points }, org.id, crawling.length, log))
    }
    ends.push(followLooks({ db, queue, orgId: org.id, log }, context.now))
    ends.push(followPolicy({ db, queue, orgId: org.id, log }, () => scanAgain(context, org.id)))
  }
  ends.push(mirrorRights({ db, log }, env))
  ends.push(followWaivers({ db, log, now: () => new Date() }))
  stop = async () => {
    for (const end of ends) end()
    await queue.stop()
    await judges.close()
    await closeDatabase(db)
  }
  ends.push(
    onSettings({ db, mark, log }, () => {
      log.info('Settings were changed: the worker starts again.')
      void stop().then(() => process.exit(AGAIN))
    }),
  )
  log.info({ orgs: crawling.map(({ org }) => org.login) }, 'The worker is ready.')
}

function unset(): AppError {
  return new AppError(
    'invalid-configuration',
    'The worker needs DATABASE_URL, GITHUB_ORG, and GITHUB_TOKEN or a GitHub App.',
    'Set them, or run npm start, which brings a database and a demo organisation.',
  )
}

/** Only where people sign in by GitHub there are rights to mirror. */
function mirrorRights(
  { db, log }: Pick<Context, 'db' | 'log'>,
  { signIn, secrets, githubApiUrl: apiUrl }: Env,
): () => void {
  const [current, ...older] = secrets
  if (!signIn?.github || current === undefined) return () => {}
  const orgs = async () => (await listOrgs(db)).filter(org => org.apiUrl === apiUrl).map(org => org.login)
  return keepAccess({
    db,
    apiUrl,
    orgs,
    client: signIn.github,
    secrets: [current, ...older],
    now: () => new Date(),
    log,
  })
}

async function rememberOrg(db: Context['db'], login: string, apiUrl: string, webUrl: string): Promise<Org> {
  const known = (await listOrgs(db)).find(org => org.apiUrl === apiUrl && org.login === login)
  return known ?? saveOrg(db, { login, apiUrl, webUrl, demo: false })
}

/** Only an app is told which deliveries failed, and only where its webhooks are taken here that means something. */
function missedOf(
  { githubApiUrl: apiUrl, webhookSecrets }: Env,
  { identity }: NonNullable<Env['github']>,
): Pick<Context, 'missed'> {
  if ('token' in identity || webhookSecrets.length === 0) return {}
  const { app } = identity
  return { missed: () => missedDeliveries({ apiUrl, app }) }
}

async function runJobs(queue: Queue, crawling: readonly Crawling[]): Promise<void> {
  const byOrg = new Map(crawling.map(({ org, context }) => [org.id, handlersOf(context)]))
  const [any] = byOrg.values()
  for (const name of Object.keys(AT_ONCE) as JobName[]) {
    const run: Handler<JobName> = async payload => {
      // A job of an organisation that this worker does not crawl is another worker's, or nobody's any more.
      const handlers = 'orgId' in payload ? byOrg.get(payload.orgId) : any
      await (handlers?.[name] as Handler<JobName> | undefined)?.(payload)
    }
    await queue.work(name, run, AT_ONCE[name])
  }
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
