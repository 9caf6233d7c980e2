/** The program that serves the pages: `node scripts/serve.ts HOST PORT [--dev]`. */
import { once } from 'node:events'
import next from 'next'
import { offerOwnership } from '#lib/auth/claim.ts'
import { guardOutgoing, namedIn } from '#lib/auth/outgoing.ts'
import { refuseInsideIssuer } from '#lib/auth/outside.ts'
import { onSettings, readStored, storedBeside } from '#lib/auth/stored-settings.ts'
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { goThroughProxy } from '#lib/github/proxy.ts'
import type { EventStreams } from '#lib/http/event-stream.ts'
import { createLog, type Logger, redactOutput } from '#lib/log.ts'
import { type Database, openDatabase } from '#lib/store/database.ts'
import { settingsMark } from '#lib/store/stored-settings.ts'
import { awaitMigrated } from '#prisma/migrated.ts'
import { pageServer } from './page-server.ts'
import { AGAIN } from './processes.ts'

const [hostname = '127.0.0.1', port = '3000', mode] = process.argv.slice(2)
/** What is under way when it has to stop may go on for so long: less than the 10 s after which Docker kills. */
const GRACE_MS = 8_000
/** Of parts that start together the worker migrates: so long it may take. */
const MIGRATED_WITHIN_MS = 60_000

/** What the routes in this process hold for each other. */
const held = globalThis as { plumblineStored?: readonly string[]; plumblineEvents?: EventStreams }

/** Before anything is served there is nothing to bring to an end. */
let stop = (status: number): void => process.exit(status)

async function main(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
  const given = readEnv(process.env, false)
  const { databaseUrl, logLevel, proxies } = given
  goThroughProxy(given)
  if (databaseUrl === null) throw new AppError('invalid-configuration', 'DATABASE_URL is not set.')
  const log = createLog(logLevel)
  // A promise that nobody waits for, e.g. of a reader who left, is no reason to leave everybody.
  process.on('unhandledRejection', error => log.error({ error }, 'A promise failed that nobody waited for.'))
  await awaitMigrated(databaseUrl, { waitMs: MIGRATED_WITHIN_MS, onWait: sentence => log.warn(sentence) })
  const db = openDatabase(databaseUrl, { connections: 1 })
  const mark = await settingsMark(db)
  const stored = await takeStored(db, log)
  const env = readEnv()
  const { signIn, url } = env
  if (signIn !== null) {
    const host = hostname.includes(':') ? `[${hostname}]` : hostname
    guardOutgoing([`http://${host}:${port}`, `http://localhost:${port}`, ...namedIn(env, stored)])
  }
  const pages = next({ dev: mode === '--dev', hostname, port: Number(port) })
  await pages.prepare()
  const server = pageServer(pages.getRequestHandler(), { proxies, secure: url.startsWith('https:'), log })
  server.listen(Number(port), hostname)
  await once(server, 'listening')
  if (signIn !== null) await offerFirstOwner(db, url)

  let stopping = false
  stop = status => {
    if (stopping) return
    stopping = true
    unwatch()
    const closed = once(server, 'close')
    server.close()
    // Open pages hold theirs for as long as they are looked at.
    held.plumblineEvents?.endAll()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
    void closed.then(() => pages.close()).then(() => process.exit(status))
  }
  const unwatch = onSettings({ db, mark, log }, () => {
    log.info('Settings were changed: the web server starts again.')
    stop(AGAIN)
  })
}

/** Everything in this process reads the environment: what is kept in the database is put beside it, and remembered as that. */
async function takeStored(db: Database, log: Logger): Promise<readonly string[]> {
  const { values, lost } = await readStored(db, readEnv(process.env, false).secrets)
  if (lost.length > 0)
    log.warn({ names: lost }, 'No secret of PLUMBLINE_SECRET opens these settings: they are left out.')
  const stored = storedBeside(process.env, values)
  if (stored.OIDC_ISSUER !== undefined) {
    // Its name may lead elsewhere by now than when it was set.
    const refusal = await refuseInsideIssuer(stored.OIDC_ISSUER).catch((error: unknown) => error)
    if (refusal instanceof AppError) {
      log.error({ code: refusal.code }, `OIDC_ISSUER is left out: ${sentenceOf(refusal)}`)
      for (const name of Object.keys(stored)) if (name.startsWith('OIDC_')) delete stored[name]
    } else if (refusal !== undefined) throw refusal
  }
  Object.assign(process.env, stored)
  held.plumblineStored = Object.keys(stored)
  return held.plumblineStored
}

/** Prints the link that makes the first owner, where people have to sign in and nobody owns this installation yet. */
async function offerFirstOwner(db: Database, url: string): Promise<void> {
  const token = await offerOwnership(db, new Date())
  if (token !== null)
    console.log(`Nobody owns this Plumbline yet. Open this link within the hour, once:\n${url}/claim?token=${token}`)
}

redactOutput()
try {
  await main()
} catch (error) {
  // Whatever it is, e.g. a port that somebody else took meanwhile: Next would log it and stay, serving nothing.
  const told = error instanceof AppError ? sentenceOf(error) : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${told}\n`)
  process.exit(1)
}
