/** `npm start`: everything on this machine, in order, until Ctrl-C; then down again in the opposite order. */
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { readStored, storedBeside } from '#lib/auth/stored-settings.ts'
import { type Env, isLoopback, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { refuseChanged } from '#lib/integrity.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { buildVerified } from './build.ts'
import { startDatabase } from './database.ts'
import { startDemo } from './demo.ts'
import { refuseTakenPort } from './port.ts'
import { keepPart } from './processes.ts'
import { say, seconds } from './terminal.ts'
import { webProgram } from './web.ts'

type Options = { port: number; data: string; build: boolean; dev: boolean }
/** What the worker crawls. `replay` is the demo's history, told to the store before the first live crawl. */
type Target = {
  /** What the worker is told beside our own environment. */
  env: Readonly<Record<string, string>>
  replay(databaseUrl: string, signal: AbortSignal): Promise<void>
}

const stops: (() => Promise<void>)[] = []
const stopping = new AbortController()

try {
  const options = parseOptions(readEnv(process.env, false))
  onSignals()
  // The address that people are told follows the port that the option names.
  await run({ ...process.env, PORT: String(options.port) }, options)
} catch (error) {
  if (!stopping.signal.aborted) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = 1
    await stopAll()
  }
}

async function run(given: NodeJS.ProcessEnv, options: Options): Promise<void> {
  await refuseTakenPort(options.port)
  const databaseUrl = await startStore(readEnv(given, false), options)
  const env = readEnv({ ...given, ...(await storedSettings(databaseUrl, given)) })
  const target = env.github === null ? await demoTarget(env, options) : liveTarget(env, env.github.orgs)
  const common = { DATABASE_URL: databaseUrl, NEXT_TELEMETRY_DISABLED: '1' }
  // Building is computing and the replay is mostly waiting: together they take little more than one of them.
  await Promise.all([startPages(env, options, common), target.replay(databaseUrl, stopping.signal)])
  addPart('worker', ['workers/main.ts'], {
    ...common,
    ...target.env,
  })
}

async function startPages(env: Env, options: Options, common: Record<string, string>): Promise<void> {
  const { port, dev } = options
  if (options.build && !dev) {
    const started = performance.now()
    if (await buildVerified(env, say)) say(`Built the pages in ${seconds(started)}.`)
  } else if (!dev) await refuseChanged(process.cwd(), env.integrity, say)
  if (stopping.signal.aborted) return
  const { host, url } = env
  const part = {
    ...common,
    PORT: String(port),
    PLUMBLINE_URL: url,
    NODE_ENV: dev ? 'development' : 'production',
    ...(dev && { PLUMBLINE_INTEGRITY: 'off' }),
  }
  addPart('web server', webProgram({ port, host, dev }), part)
  say(`Plumbline is at ${url} (Ctrl-C stops it)`)
}

async function startStore(env: Env, options: Options): Promise<string> {
  let url = env.databaseUrl
  if (url === null) {
    const database = await startDatabase({ dir: join(options.data, 'database') })
    stops.push(() => database.stop())
    void database.exited.then(() => stopWith('The database ended.'))
    url = database.url
  }
  const applied = await migrate(url)
  if (applied.length > 0) say(`Brought the database up to date (${applied.length} migrations).`)
  return url
}

/** What was set on the settings page; each part reads it again for itself. */
async function storedSettings(databaseUrl: string, given: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const db = openDatabase(databaseUrl)
  try {
    return storedBeside(given, (await readStored(db, readEnv(given, false).secrets)).values)
  } finally {
    await closeDatabase(db)
  }
}

function liveTarget({ githubApiUrl }: Env, orgs: readonly string[]): Target {
  say(`Crawling ${orgs.join(', ')} from ${githubApiUrl}.`)
  return { env: {}, replay: async () => {} }
}

async function demoTarget({ host }: Env, options: Options): Promise<Target> {
  if (!isLoopback(host)) {
    throw new AppError(
      'invalid-configuration',
      `The demo is shown on this machine alone, and PLUMBLINE_HOST is ${host}.`,
      'Set GITHUB_TOKEN and GITHUB_ORG to show an organisation of yours, or leave PLUMBLINE_HOST out.',
    )
  }
  const demo = await startDemo(join(options.data, 'demo'), options.port + 1)
  stops.push(() => demo.stop())
  say(`This is the demo organisation ${demo.org}. For your own: GITHUB_TOKEN=… GITHUB_ORG=acme npm start`)
  return { replay: demo.replay, env: { GITHUB_TOKEN: demo.token, GITHUB_ORG: demo.org, GITHUB_API_URL: demo.apiUrl } }
}

function addPart(name: string, program: readonly string[], env: Record<string, string>): void {
  const part = keepPart(name, program, { env })
  stops.push(() => part.stop())
  void part.exited.then(stopWith)
}

// A part that ends by itself takes the whole down: half a Plumbline would only look as if it worked.
async function stopWith(sentence: string): Promise<void> {
  if (stopping.signal.aborted) return
  process.stderr.write(`${sentence} Its last lines above say why. Stopping everything.\n`)
  process.exitCode = 1
  await stopAll()
}

function onSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return
      say('\nStopping …')
      void stopAll()
    })
  }
}

async function stopAll(): Promise<void> {
  stopping.abort()
  for (const stop of stops.reverse()) await stop()
  say('Stopped; what was crawled is kept.')
  process.exit()
}

function parseOptions(env: Env): Options {
  const command = new Command('npm start --')
    .description('Starts Plumbline on this machine.')
    .option('--port <number>', 'where the pages are', portNumber, env.port)
    .option('--data <folder>', 'where the embedded database and the demo are kept', env.dataDirectory)
    .option('--no-build', 'use the pages as they were built last')
    .option('--dev', 'serve the pages from their sources', false)
    .parse()
  const { port, data, build, dev } = command.opts<Options>()
  return { port, data: resolve(data), build, dev }
}

function portNumber(value: string): number {
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new InvalidArgumentError('Write a number from 1 to 65535.')
}
