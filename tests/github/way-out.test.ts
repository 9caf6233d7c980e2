/**
 * A network of one's own: an authority that only it knows, and a proxy that is the one way out. Asked from a process of its
 * own each time, whose environment is all that it is told.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { startGitHub } from '#demo/github/server.ts'
import { refuseInsideIssuer } from '#lib/auth/outside.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { temporaryFolder } from '#tests/demo/github/bare-repository.ts'
import { PLANTED } from '#tests/planted.ts'
import { listening, startProxy } from './connect-proxy.ts'

/** A name that nobody but the proxy can look up. */
const HOST = 'git.acme.invalid'
async function github() {
  const dir = await repositories({ one: { a: '1' }, two: { a: '2' } })
  const started = await startGitHub({ host: await openGitHost(dir, 'acme') })
  onTestFinished(() => started.stop())
  return started
}

/** Lists the organisation and looks up a branch, by git, in an environment of which we tell no more than this. */
async function look(apiUrl: string, env: Readonly<Record<string, string>>) {
  const base = { NODE_ENV: 'production' as const, PATH: process.env.PATH ?? '', GITHUB_TOKEN: PLANTED.classic }
  const child = spawn(process.execPath, ['tests/github/looking-process.ts', apiUrl], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...base, ...env },
    stdio: 'pipe',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  const [status] = await once(child, 'close')
  expect(said).not.toContain(PLANTED.classic)
  expect(said).not.toContain(PLANTED.password)
  return { status, said }
}

/** An authority of our own and a certificate for localhost that it signed, as files. */
function authority() {
  const dir = temporaryFolder()
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Acme authority', '-days', '2')
  const names = [
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-addext',
    'basicConstraints=CA:FALSE',
  ]
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'host.key',
    '-out',
    'host.pem',
    ...names,
    '-days',
    '2',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
  )
  return {
    ca: join(dir, 'ca.pem'),
    cert: readFileSync(join(dir, 'host.pem')),
    key: readFileSync(join(dir, 'host.key')),
  }
}

test('a server whose authority only we know is crawled once it is named, and refused in a sentence before', async () => {
  const { ca, cert, key } = authority()
  const behind = await github()
  const server = createTls({ cert, key }, socket => {
    const inner = connect(Number(new URL(behind.url).port), '127.0.0.1')
    socket.pipe(inner).pipe(socket)
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
  })
  const apiUrl = `https://localhost:${await listening(server)}/api/v3`
  const refused = await look(apiUrl, {})
  expect(refused.status).toBe(1)
  expect(refused.said).toMatch(/The certificate of localhost:\d+ is signed by an authority that is not known here/)
  expect(refused.said).toContain('NODE_EXTRA_CA_CERTS')
  expect(behind.counters).toMatchObject({ rest: 0, graphql: 0, git: 0 })
  const read = await look(apiUrl, { NODE_EXTRA_CA_CERTS: ca })
  expect(read).toMatchObject({ status: 0, said: 'one two 40\n' })
  // Git is asked by the same way.
  expect(behind.counters.git).toBeGreaterThan(0)
})

test('the API and git go through the proxy of the environment; its password reaches neither GitHub nor the terminal', async () => {
  const behind = await github()
  const { at, asked } = await startProxy({ [HOST]: behind.url })
  const apiUrl = `http://${HOST}/api/v3`
  const through = { http_proxy: `http://plumbline:${PLANTED.password}@${at}` }
  expect(await look(apiUrl, through)).toMatchObject({ status: 0, said: 'one two 40\n' })
  expect(new Set(asked)).toEqual(new Set([`${HOST}:80`]))
  expect(behind.counters.git).toBeGreaterThan(0)
  const unknown = await look(apiUrl, { HTTP_PROXY: at })
  expect(unknown).toMatchObject({
    status: 1,
    said: expect.stringContaining(`The proxy lets nothing through to ${HOST}: it answers 407.`),
  })
  asked.length = 0
  const direct = await look(apiUrl, { ...through, NO_PROXY: '.acme.invalid' })
  expect(direct).toMatchObject({ status: 1, said: expect.stringContaining(`${HOST} cannot be reached (ENOTFOUND)`) })
  // What is on this machine is never asked through a proxy.
  const here = await look(behind.apiUrl, through)
  expect([here.status, asked]).toEqual([0, []])
})

test('a provider inside the network is refused before anybody is asked, also by way of a proxy', async () => {
  const asked: string[] = []
  const ask = async (url: string | URL | Request) => {
    asked.push(String(url))
    return Response.json({})
  }
  const inside = async () => ['10.1.2.3']
  await expect(refuseInsideIssuer('https://login.acme.invalid', inside, ask)).rejects.toMatchObject({
    code: 'invalid-input',
  })
  expect(asked).toEqual([])
})
