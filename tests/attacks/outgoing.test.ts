import dns from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { guardOutgoing } from '#lib/auth/outgoing.ts'

type Lookup = NonNullable<Parameters<typeof guardOutgoing>[1]>

let port = 0
let asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  if (request.url === '/away') response.writeHead(307, { location: `http://127.0.0.1:${port}/secret` }).end()
  else response.end('here')
})
let end = () => {}
beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  asked = []
})
afterEach(async () => {
  end()
  end = () => {}
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

/** Every name leads there, one place after the other. */
function leading(...places: string[]): Lookup {
  let turn = 0
  return (_, options, found) => {
    const address = places[Math.min(turn++, places.length - 1)] ?? ''
    if (options.all) found(null, [{ address, family: 4 }])
    else found(null, address, 4)
  }
}

/** Why a connection to that name is not made; null where it is. */
function refused(host: string): Promise<string | null> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(null)
    })
    socket.once('error', error => resolve(error.message))
  })
}

test('what the environment names is asked, wherever it lies, and a redirect from there is not followed', async () => {
  end = guardOutgoing([`http://127.0.0.1:${port}/api/v3`, `http://provider.example:${port}`], leading('127.0.0.1'))
  expect(await (await fetch(`http://127.0.0.1:${port}/a`)).text()).toBe('here')
  expect(await (await fetch(`http://provider.example:${port}/b`)).text()).toBe('here')
  await expect(fetch(`http://127.0.0.1:${port}/away`)).rejects.toThrow()
  expect((await fetch(new Request(`http://127.0.0.1:${port}/away`, { redirect: 'manual' }))).status).toBe(307)
  expect(asked).toEqual(['/a', '/b', '/away', '/away'])
})

test('nothing else inside is asked, however it is written: other ports, addresses, plain http', async () => {
  end = guardOutgoing([`https://login.example:9000`, 'http://127.0.0.1:1'], leading('127.0.0.1'))
  const inside = [
    `http://127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}/`,
    `https://login.example:${port}/`,
    `https://2130706433:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    'https://169.254.169.254/latest/meta-data',
    'http://elsewhere.example/',
  ]
  for (const address of inside) await expect(fetch(address), address).rejects.toThrow('is inside this network')
  expect(asked).toEqual([])
})

test('a name that led outside when it was set, and inside when it is asked, is not connected to', async () => {
  end = guardOutgoing(['http://named.example'], leading('140.82.121.4', '127.0.0.1'))
  expect(
    await new Promise(resolve => dns.lookup('rebound.example', (error, address) => resolve(error ?? address))),
  ).toBe('140.82.121.4')
  expect(await refused('rebound.example')).toBe('rebound.example is inside this network, where no request may be sent.')
  await expect(fetch(`https://rebound.example:${port}/`)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('inside this network') },
  })
  // What the environment names may lead inside.
  expect(await refused('named.example')).toBeNull()
})

test('one address inside among several is enough, and afterwards all is as it was', async () => {
  const plain = [dns.lookup, globalThis.fetch]
  const both: Lookup = (_, __, found) =>
    found(null, [
      { address: '140.82.121.4', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ])
  end = guardOutgoing([], both)
  expect(await refused('two.example')).toContain('inside this network')
  end()
  expect([dns.lookup, globalThis.fetch]).toEqual(plain)
})
