/** What people meet when they start in a wrong way: a sentence, what to do, and a status that is not 0. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PLANTED } from '#tests/planted.ts'
import { startDatabase } from '../../scripts/database.ts'

const ROOT = join(import.meta.dirname, '../..')
const NOWHERE = `postgresql://nobody:${PLANTED.password}@127.0.0.1:1/none`
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-refusals-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const { GITHUB_TOKEN: _token, GITHUB_ORG: _org, DATABASE_URL: _url, ...rest } = process.env
  const child = spawnSync(process.execPath, [program, ...args], {
    cwd: ROOT,
    env: { ...rest, ...env },
    encoding: 'utf8',
  })
  return { status: child.status, said: child.stderr }
}

test('a port that is taken', async () => {
  const server = await new Promise<Server>(resolve => {
    const listening = createServer().listen(0, '127.0.0.1', () => resolve(listening))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? String(address.port) : ''
  const { status, said } = run('scripts/start.ts', ['--port', port, '--data', folder])
  server.close()
  expect(said).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`)
  expect(said).toContain('npm start -- --port')
  expect(status).toBe(1)
})

test('a data directory that another process holds', async () => {
  const holder = await startDatabase({ dir: join(folder, 'database') })
  const { status, said } = run('scripts/start.ts', ['--data', folder, '--port', '43993'])
  await holder.stop()
  expect(said).toMatch(/The data directory .* is in use by process \d+/)
  expect(status).toBe(1)
})

test('a variable that cannot be used', () => {
  const { status, said } = run('scripts/start.ts', [], { PORT: 'web', GITHUB_ORG: 'acme' })
  expect(said).toContain('PORT is not a port')
  expect(status).toBe(1)
})

test.each(['scripts/start.ts', 'scripts/serve.ts', 'workers/main.ts', 'prisma/migrate.ts'])(
  '%s: no database there',
  program => {
    const env = { DATABASE_URL: NOWHERE, GITHUB_TOKEN: PLANTED.classic, GITHUB_ORG: 'acme', PORT: '43994' }
    const { status, said } = run(program, [], env)
    expect(said).toMatch(/database/i)
    expect(said).not.toContain(PLANTED.password)
    expect(said).not.toMatch(/\n\s+at /)
    expect(status).toBe(1)
  },
)

test('a crawl without a token, and of no organisation', () => {
  expect(run('scripts/crawl.ts', ['--org', 'acme'])).toMatchObject({
    status: 1,
    said: expect.stringContaining('GITHUB_TOKEN is not set.'),
  })
  const { status, said } = run('scripts/crawl.ts', [], { GITHUB_TOKEN: PLANTED.classic })
  expect(said).toContain('No organisation is named.')
  expect(status).toBe(1)
})

test('a crawl of a GitHub that is not there', () => {
  const args = ['--org', 'acme', '--api-url', 'http://127.0.0.1:1/api/v3', '--data', folder]
  const { status, said } = run('scripts/crawl.ts', args, { GITHUB_TOKEN: PLANTED.classic })
  expect(said).toContain('127.0.0.1:1 cannot be reached')
  expect(status).toBe(1)
})
