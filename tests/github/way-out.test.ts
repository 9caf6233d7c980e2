/**
 * A network of one's own: an authority that only it knows, and a proxy that is the one way out. Asked from a process of its
 * own each time, whose environment is all that it is told.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { startGitHub } from '#demo/github/server.ts'
import { refuseInsideIssuer } from '#lib/auth/outside.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { PLANTED } from '#tests/planted.ts'
import { startProxy } from './connect-proxy.ts'
import { overTls, ownAuthority } from './own-authority.ts'

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

test('a server whose authority only we know is crawled once it is named, and refused in a sentence before', async () => {
  const authority = ownAuthority('localhost')
  const { ca } = authority
  const behind = await github()
  const apiUrl = `${await overTls(authority, behind.url)}/api/v3`
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

test('by https too the API and git go through the proxy, to a server whose authority only we know', async () => {
  const authority = ownAuthority(HOST)
  const behind = await github()
  const { at, asked } = await startProxy({ [HOST]: await overTls(authority, behind.url) })
  const apiUrl = `https://${HOST}/api/v3`
  const through = { HTTPS_PROXY: `http://plumbline:${PLANTED.password}@${at}` }
  expect(await look(apiUrl, { ...through, NODE_EXTRA_CA_CERTS: authority.ca })).toMatchObject({
    status: 0,
    said: 'one two 40\n',
  })
  expect(new Set(asked)).toEqual(new Set([`${HOST}:443`]))
  const { rest, graphql, git } = behind.counters
  expect(git).toBeGreaterThan(0)
  // The proxy sees nothing of it, and vouches for nobody.
  const refused = await look(apiUrl, through)
  expect(refused).toMatchObject({
    status: 1,
    said: expect.stringContaining(`The certificate of ${HOST} is signed by an authority that is not known here`),
  })
  expect(behind.counters).toMatchObject({ rest, graphql, git })
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
