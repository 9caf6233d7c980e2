/** A server that is told to stop while pages are open: it lets them go at once, and waits for nobody beyond its bound. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { EVENTS_PATH } from '../../lib/api/events.ts'
import { type EmbeddedDatabase, startDatabase } from '../../scripts/database.ts'
import { PORT } from './browser.ts'

const OWN_PORT = PORT + 60
const URL_HERE = `http://127.0.0.1:${OWN_PORT}`
/** After so long Docker kills what it told to stop. */
const KILLED_AFTER_MS = 10_000

let database: EmbeddedDatabase
const folder = mkdtempSync(join(tmpdir(), 'plumbline-stopping-'))

function environment(): NodeJS.ProcessEnv {
  const { GITHUB_TOKEN: _token, GITHUB_ORG: _org, ...env } = process.env
  return { ...env, DATABASE_URL: database.url, PORT: String(OWN_PORT), LOG_LEVEL: 'silent' }
}

test.beforeAll(async () => {
  test.setTimeout(120_000)
  database = await startDatabase({ dir: join(folder, 'database') })
  const { status, stderr } = spawnSync(process.execPath, ['prisma/migrate.ts'], {
    env: environment(),
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
})
test.afterAll(async () => {
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function serving(): Promise<{ server: ChildProcess; ended: Promise<unknown[]> }> {
  const program = ['scripts/serve.ts', '127.0.0.1', String(OWN_PORT)]
  const server = spawn(process.execPath, program, { env: environment(), stdio: 'inherit' })
  const ended = once(server, 'exit')
  await expect(async () => {
    expect((await fetch(`${URL_HERE}/api/health`)).status).toBe(200)
  }).toPass({ timeout: 60_000 })
  return { server, ended }
}

/** One open page: it has heard its first words. `over` holds all that came, once the stream has come to its end. */
async function listening(): Promise<{ over: Promise<string> }> {
  const answer = await fetch(URL_HERE + EVENTS_PATH)
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const words = (answer.body as ReadableStream<Uint8Array>).getReader()
  const first = await words.read()
  const decoder = new TextDecoder()
  let text = decoder.decode(first.value, { stream: true })
  const rest = async () => {
    for (;;) {
      const { done, value } = await words.read()
      if (done) return text
      text += decoder.decode(value, { stream: true })
    }
  }
  return { over: rest() }
}

test('open streams come to their end, and the server stops with status 0', async () => {
  const { server, ended } = await serving()
  const pages = [await listening(), await listening(), await listening()]
  const told = performance.now()
  server.kill('SIGTERM')
  // One that is cut off throws here; the end of one that is let go is an end like any other.
  for (const text of await Promise.all(pages.map(({ over }) => over))) {
    expect(text).toContain('retry: ')
    expect(text.endsWith('\n\n')).toBe(true)
  }
  expect(await ended).toEqual([0, null])
  expect(performance.now() - told).toBeLessThan(KILLED_AFTER_MS)
})

test('who holds a request half sent is not waited for beyond the bound', async () => {
  const { server, ended } = await serving()
  const page = await listening()
  const half = connect(OWN_PORT, '127.0.0.1')
  await once(half, 'connect')
  half.write(`POST /api/webhooks/github HTTP/1.1\r\nhost: 127.0.0.1:${OWN_PORT}\r\ncontent-length: 9\r\n\r\nhalf`)
  const cut = once(half, 'close')
  half.on('error', () => half.destroy())
  half.resume()
  const told = performance.now()
  server.kill('SIGTERM')
  await page.over
  expect(await ended).toEqual([0, null])
  await cut
  expect(performance.now() - told).toBeLessThan(KILLED_AFTER_MS)
})
