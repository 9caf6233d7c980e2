/** `npm run web`: only the pages, on a database that a worker elsewhere fills. */
import { readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { buildPages } from './build.ts'
import { refuseTakenPort } from './port.ts'
import { startPart } from './processes.ts'

/** The program that serves the pages on this machine alone: there is no sign-in yet. */
export function webProgram(port: number, dev: boolean): readonly string[] {
  return ['node_modules/next/dist/bin/next', dev ? 'dev' : 'start', '--hostname', '127.0.0.1', '--port', String(port)]
}

async function main(): Promise<void> {
  const { databaseUrl, port } = readEnv()
  if (databaseUrl === null) {
    throw new AppError(
      'invalid-configuration',
      'DATABASE_URL is not set: there is no database to show.',
      'Set it to the database that the worker fills, or run npm start, which brings its own.',
    )
  }
  await refuseTakenPort(port)
  await buildPages()
  const web = startPart('web server', webProgram(port, false), { env: { NODE_ENV: 'production' } })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void web.stop())
  console.log(`The pages are at http://127.0.0.1:${port}`)
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
