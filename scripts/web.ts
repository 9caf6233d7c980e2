/** `npm run web [-- --no-build]`: only the pages, on a database that a worker elsewhere fills. */
import { offerOwnership } from '#lib/auth/claim.ts'
import { type Env, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { refuseChanged } from '#lib/integrity.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { buildVerified } from './build.ts'
import { refuseTakenPort } from './port.ts'
import { startPart } from './processes.ts'

export type WebOptions = { port: number; host: string; dev: boolean }

/** The program that serves the pages. */
export function webProgram({ port, host, dev }: WebOptions): readonly string[] {
  return ['scripts/serve.ts', host, String(port), ...(dev ? ['--dev'] : [])]
}

/** Prints the link that makes the first owner, where people have to sign in and nobody owns this installation yet. */
export async function offerFirstOwner(databaseUrl: string, { signIn, url }: Env): Promise<void> {
  if (signIn === null) return
  const db = openDatabase(databaseUrl)
  try {
    const token = await offerOwnership(db, new Date())
    if (token !== null)
      console.log(`Nobody owns this Plumbline yet. Open this link within the hour, once:\n${url}/claim?token=${token}`)
  } finally {
    await closeDatabase(db)
  }
}

async function main(): Promise<void> {
  const env = readEnv()
  const { databaseUrl, port, host, url } = env
  if (databaseUrl === null) {
    throw new AppError(
      'invalid-configuration',
      'DATABASE_URL is not set: there is no database to show.',
      'Set it to the database that the worker fills, or run npm start, which brings its own.',
    )
  }
  await refuseTakenPort(port)
  if (process.argv.includes('--no-build')) await refuseChanged(process.cwd(), env.integrity, console.error)
  else await buildVerified(env, console.error)
  const web = startPart('web server', webProgram({ port, host, dev: false }), { env: { NODE_ENV: 'production' } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void web.stop())
  console.log(`The pages are at ${url}`)
  await offerFirstOwner(databaseUrl, env)
  process.exitCode = (await web.exited).endsWith(' 0.') ? 0 : 1
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = 1
  }
}
