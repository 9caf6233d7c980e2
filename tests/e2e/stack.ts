/** Everything that `npm start` starts, with the demo, on a data directory that is thrown away afterwards. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PORT } from './browser.ts'

const data = mkdtempSync(join(tmpdir(), 'plumbline-e2e-'))
const { GITHUB_TOKEN: _token, GITHUB_ORG: _org, DATABASE_URL: _database, ...env } = process.env
const start = spawn(process.execPath, ['scripts/start.ts', '--port', String(PORT), '--data', data], {
  stdio: 'inherit',
  env,
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => start.kill(signal))
const [status] = await once(start, 'exit')
rmSync(data, { recursive: true, force: true })
process.exitCode = status ?? 1
