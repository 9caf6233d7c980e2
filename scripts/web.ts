/** `npm run web [-- --no-build]`: only the pages, on a database that a worker elsewhere fills. */
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { refuseChanged } from '#lib/integrity.ts'
import { buildVerified } from './build.ts'
import { refuseTakenPort } from './port.ts'
import { keepPart } from './processes.ts'

export type WebOptions = { port: number; host: string; dev: boolean }

/** The program that serves the pages. */
export function webProgram({ port, host, dev }: WebOptions): readonly string[] {
  return ['scripts/serve.ts', host, String(port), ...(dev ? ['--dev'] : [])]
}

async function main(): Promise<void> {
  // As the first process of a container it would not even be stopped by a signal that nobody listens to.
  let stop: () => void = () => process.exit(0)
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      asked = true
      stop()
    })
  }
  // Sign-in may be kept in the database: the server itself judges whether its door may be open.
  const env = readEnv(process.env, false)
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
  const web = keepPart('web server', webProgram({ port, host, dev: false }), { env: { NODE_ENV: 'production' } })
  stop = () => void web.stop()
  console.log(`The pages are at ${url}`)
  const end = await web.exited
  // Asked while it still loads it has nothing to bring to an end: the signal ends it.
  process.exitCode = end.endsWith(' 0.') || (asked && end.endsWith(' SIGTERM.')) ? 0 : 1
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
