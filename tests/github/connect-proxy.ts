import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Server } from 'node:net'
import { onTestFinished } from 'vitest'
import { PLANTED } from '#tests/planted.ts'

/** The port of a server that is closed after the test. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/**
 * A proxy that opens tunnels to these hosts alone, for whoever knows the password; it alone knows where they are. `asked`:
 * host and port of each tunnel.
 */
export async function startProxy(hosts: Readonly<Record<string, string>>): Promise<{ at: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request, socket, head) => {
    const target = request.url ?? ''
    asked.push(target)
    const known = `Basic ${Buffer.from(`plumbline:${PLANTED.password}`).toString('base64')}`
    if (request.headers['proxy-authorization'] !== known) return socket.end('HTTP/1.1 407 Who are you\r\n\r\n')
    const place = hosts[target.replace(/:\d+$/, '')]
    if (place === undefined) return socket.end('HTTP/1.1 403 No way there\r\n\r\n')
    const out = connect(Number(new URL(place).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      out.write(head)
      socket.pipe(out).pipe(socket)
    })
    out.on('error', () => socket.destroy())
    socket.on('error', () => out.destroy())
  })
  return { at: `127.0.0.1:${await listening(server)}`, asked }
}
