/** The program that serves the pages: `node scripts/serve.ts HOST PORT [--dev]`. */
import { once } from 'node:events'
import next from 'next'
import { readEnv } from '#lib/env.ts'
import { createLog, redactOutput } from '#lib/log.ts'
import { pageServer } from './page-server.ts'

const [hostname = '127.0.0.1', port = '3000', mode] = process.argv.slice(2)
/** What is under way when it has to stop may go on for so long. */
const GRACE_MS = 10_000

redactOutput()
const { logLevel, proxies } = readEnv()
const log = createLog(logLevel)
// A promise that nobody waits for, e.g. of a reader who left, is no reason to leave everybody.
process.on('unhandledRejection', error => log.error({ error }, 'A promise failed that nobody waited for.'))

const pages = next({ dev: mode === '--dev', hostname, port: Number(port) })
await pages.prepare()
const server = pageServer(pages.getRequestHandler(), { proxies, log })
server.listen(Number(port), hostname)
await once(server, 'listening')

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    const closed = once(server, 'close')
    server.close()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
    void closed.then(() => pages.close()).then(() => process.exit(0))
  })
}
