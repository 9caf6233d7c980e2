import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { networkOf } from '#lib/auth/network.ts'
import { createLog } from '#lib/log.ts'
import { BOUNDS, pageServer } from '../../scripts/page-server.ts'

const QUIET = createLog('silent')
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** The server of the pages, which answers with the headers that reached the pages. */
async function serving(options: { proxies?: number; secure?: boolean; bounds?: Partial<typeof BOUNDS> } = {}) {
  const { proxies = 0, secure = false, bounds = {} } = options
  const server = pageServer(async (request, response) => void response.end(JSON.stringify(request.headers)), {
    proxies,
    secure,
    log: QUIET,
    bounds: { ...BOUNDS, ...bounds },
  })
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const ask = (headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/`, { headers, ...init })
  return { server, port, ask }
}

function held(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}

/** Opens a connection from an address of this machine; it never says a whole request. */
function slow(port: number, from: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
  ends.push(() => socket.destroy())
  return socket
}

test('10,000 slow connections of one address leave room for everybody else', { timeout: 180_000 }, async () => {
  const { server, port, ask } = await serving()
  for (let number = 1; number <= 10_000; number += 1) {
    const socket = slow(port, '127.0.0.2')
    // So many at a time as the system queues.
    if (number % 200 === 0)
      await new Promise<void>(resolve => socket.once('connect', resolve).once('close', () => resolve()))
  }
  const answer = await ask()
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ 'x-forwarded-for': '127.0.0.1' })
  await expect.poll(() => held(server), { timeout: 20_000 }).toBeLessThanOrEqual(BOUNDS.connectionsOfOne + 1)
})

/** Opens so many connections from forty addresses, says nothing on any, and tells when all were let in. */
const HOLDER = `
const { connect } = require('node:net')
const [port, most] = process.argv.slice(1).map(Number)
let open = 0
const more = number => {
  if (number === most) return
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.' + (2 + number % 40) })
  socket.on('error', () => undefined).once('connect', () => {
    more(number + 1)
    if (++open === most) console.log('held')
  })
}
more(0)
`

test('10,000 idle connections of many addresses keep nobody out, in bounded memory', { timeout: 180_000 }, async () => {
  const { server, port, ask } = await serving()
  const before = process.memoryUsage().rss
  const holder = spawn(process.execPath, ['-e', HOLDER, String(port), '10000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ends.push(() => holder.kill())
  await once(holder.stdout, 'data')
  await expect.poll(() => held(server), { timeout: 20_000 }).toBe(10_000)
  const asked = performance.now()
  expect((await ask()).status).toBe(200)
  expect(performance.now() - asked).toBeLessThan(2_000)
  expect(await held(server)).toBeLessThanOrEqual(10_000)
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(300)
})

test('who was answered and waits is let go before who is being answered', async () => {
  const gate = Promise.withResolvers<void>()
  const server = pageServer(
    async (_, response) => {
      await gate.promise
      response.end('late')
    },
    { proxies: 0, log: QUIET, bounds: { ...BOUNDS, connections: 2 } },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  ends.push(() => server.close())
  const asking = once(server, 'request')
  const answer = fetch(`http://127.0.0.1:${port}/`)
  await asking
  const idle = connect({ port, host: '127.0.0.1' }).resume()
  const third = connect({ port, host: '127.0.0.1' }).resume()
  ends.push(() => third.destroy())
  await once(idle, 'close')
  gate.resolve()
  expect(await (await answer).text()).toBe('late')
})

test('behind TLS every answer tells browsers to keep to it, refusals too; without TLS none does', async () => {
  for (const secure of [true, false]) {
    const { port, ask } = await serving({ secure, bounds: { headersMs: 200 } })
    const hsts = secure ? 'max-age=31536000' : null
    const answers = [await ask(), await fetch(`http://127.0.0.1:${port}/%`)]
    for (const answer of answers)
      expect(answer.headers.get('strict-transport-security'), String(answer.status)).toBe(hsts)
    // The one that is too large is refused by what it says of itself: a client that still sends would lose the answer.
    for (const [said, status] of [
      ['GET / HTTP/1.1\r\n\r\n', 400],
      ['nonsense\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', 408],
      [`GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      ['POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1100000\r\n\r\n', 413],
    ] as const) {
      const client = connect({ port, host: '127.0.0.1' })
      client.write(said)
      const [told] = await once(client, 'data')
      client.destroy()
      expect(String(told)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(String(told).toLowerCase().includes('strict-transport-security: max-age=31536000')).toBe(secure)
    }
  }
})

test('what cannot be read is refused in words also on a connection that has had an answer', async () => {
  const { port } = await serving()
  const client = connect({ port, host: '127.0.0.1' })
  ends.push(() => client.destroy())
  let told = ''
  client.on('data', part => {
    told += part
  })
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(client, 'data')
  client.write('nonsense\r\n\r\n')
  await once(client, 'close')
  expect(told.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
})

test('addresses of one network of version 6 are one asker', () => {
  const one = networkOf('2001:db8:1:2::1')
  for (const same of ['2001:db8:1:2:ffff::', '2001:0DB8:0001:0002:a:b:c:d', '2001:db8:1:2::1%eth0'])
    expect(networkOf(same)).toBe(one)
  for (const other of ['2001:db8:1:3::1', '2001:db8::1:2', '::1', '::ffff:192.0.2.1', '192.0.2.1'])
    expect(networkOf(other)).not.toBe(one)
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1')
  expect(networkOf('2001:db8::1:2')).toBe('2001:db8:0:0::/64')
})

test('a request that does not come to its end is ended', async () => {
  const { port } = await serving({ bounds: { headersMs: 200, requestMs: 400 } })
  const headers = slow(port, '127.0.0.1')
  const [told] = await once(headers, 'data')
  expect(String(told)).toContain('408')
  const body = connect({ port, host: '127.0.0.1' })
  ends.push(() => body.destroy())
  body.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
  body.resume()
  await once(body, 'close')
})

test('who reads the answer too slowly is let go', async () => {
  const server = pageServer(async (_, response) => void response.write('a'.repeat(50_000_000)), {
    proxies: 0,
    log: QUIET,
    bounds: { ...BOUNDS, idleMs: 300 },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  ends.push(() => {
    client.destroy()
    server.close()
  })
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  client.pause()
  const open = () =>
    new Promise<number>((resolve, reject) => server.getConnections((e, n) => (e ? reject(e) : resolve(n))))
  await expect.poll(open).toBe(1)
  await expect.poll(open).toBe(0)
})

test.each([
  ['1.1 MB', { 'content-length': '1100000' }, 413],
  ['no end', { 'transfer-encoding': 'chunked' }, 411],
])('a body of %s is refused before it is read', async (_, headers, status) => {
  const { port } = await serving()
  const client = connect({ port, host: '127.0.0.1' })
  ends.push(() => client.destroy())
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  client.write(`POST /keys HTTP/1.1\r\nHost: a\r\n${lines.join('')}\r\n`)
  const [told] = await once(client, 'data')
  expect(String(told)).toContain(`HTTP/1.1 ${status}`)
})

test.each(['/%', '/api/%zz', '/%ff', '/a%2'])('the address %s, which stands for nothing, is refused', async path => {
  const { port } = await serving()
  expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(400)
  expect((await fetch(`http://127.0.0.1:${port}/?q=%`)).status).toBe(200)
})

test('headers are bounded, and no line end gets into one', async () => {
  const { ask, port } = await serving()
  expect((await ask({ 'x-large': 'a'.repeat(20_000) })).status).toBe(431)
  const client = connect({ port, host: '127.0.0.1' })
  ends.push(() => client.destroy())
  client.write('GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\nSet-Cookie: a=b\r\n\r\n')
  const [told] = await once(client, 'data')
  expect(String(told)).toContain('400')
})

test('what a client says of its address, its host or its request id is not believed', async () => {
  const { ask } = await serving()
  const claimed = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'for=203.0.113.9',
    'x-request-id': 'mine',
  }
  const answer = await ask(claimed)
  const reached = (await answer.json()) as Record<string, string>
  expect(reached['x-forwarded-for']).toBe('127.0.0.1')
  expect(reached['x-forwarded-host'] ?? reached.forwarded ?? reached['x-forwarded-proto']).toBeUndefined()
  expect(reached['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(answer.headers.get('x-request-id')).toBe(reached['x-request-id'])
})

test('a proxy of ours is believed, and adds itself', async () => {
  const { ask } = await serving({ proxies: 1 })
  const reached = (await (await ask({ 'x-forwarded-for': '203.0.113.9' })).json()) as Record<string, string>
  expect(reached['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1')
})

test('a request that fails is told as that, with its id in the log and nothing of the fault in the answer', async () => {
  const lines: string[] = []
  const log = createLog('info', { write: line => lines.push(line) })
  const server = pageServer(
    async () => {
      throw new Error('secret detail')
    },
    { proxies: 0, log },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/claim?token=abc`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('secret detail')
  await expect.poll(() => lines.length).toBe(2)
  expect(lines.map(line => JSON.parse(line).request)).toEqual(Array(2).fill(answer.headers.get('x-request-id')))
  expect(lines.join()).not.toContain('token=abc')
})

test('without these bounds the same machine can be filled, which the first test would show', async () => {
  const server = createServer((_, response) => void response.end())
  server.maxConnections = 100
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const sockets = Array.from({ length: 100 }, () => slow(port, '127.0.0.2'))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
})
