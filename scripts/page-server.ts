/** The web server before Next: bounds what one client may hold, refuses what is too large, and tells who it is that asks. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { networkOf } from '#lib/auth/network.ts'
import type { Logger } from '#lib/log.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type Bounds = {
  /**
   * Connections at once, of everybody and of one address (of version 6: of one /64); the second does not count behind
   * proxies, which share theirs.
   */
  connections: number
  connectionsOfOne: number
  /** Until a request's headers, and all of it, have to be here; and how long a connection may stand still. */
  headersMs: number
  requestMs: number
  idleMs: number
}

export const BOUNDS: Bounds = {
  connections: 10_000,
  connectionsOfOne: 512,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 120_000,
}

const MEGABYTE = 1024 * 1024
/** GitHub's deliveries are the only large thing that is taken. */
const WEBHOOKS = '/api/webhooks/'
const [MOST_BYTES, MOST_BYTES_OF_WEBHOOKS] = [MEGABYTE, 25 * MEGABYTE]
/** What a proxy of ours may say and nobody else: the host by which Next tells whether an action came from its own page. */
const OF_PROXIES = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded']

const HSTS = 'max-age=31536000'
/** What Node's parser refuses by itself, before there is a request. */
const REFUSED: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/**
 * A server that is not listening yet. Every request reaches `handle` with the address of its peer as the last hop of
 * `X-Forwarded-For`, and with an `X-Request-Id` of ours, which the answer and the log carry too. `secure`: people come by
 * https, and every answer, also a refusal, tells their browsers to keep to it.
 */
export function pageServer(
  handle: Handler,
  {
    proxies,
    secure = false,
    log,
    bounds = BOUNDS,
  }: { proxies: number; secure?: boolean; log: Logger; bounds?: Bounds },
): Server {
  const underWay = new WeakMap<Duplex, Set<ServerResponse>>()
  const server = createServer(
    {
      headersTimeout: bounds.headersMs,
      requestTimeout: bounds.requestMs,
      connectionsCheckingInterval: Math.min(5_000, bounds.headersMs / 2),
      keepAliveTimeout: 5_000,
      // Refused below, as everything else is.
      requireHostHeader: false,
    },
    (request, response) => {
      const id = randomUUID()
      follow(underWay, request.socket, response)
      response.setHeader('x-request-id', id)
      if (secure) response.setHeader('strict-transport-security', HSTS)
      note(log, id, request, response)
      const refusal = refusalOf(request)
      if (refusal !== null) {
        response.writeHead(refusal, { connection: 'close', 'content-type': 'text/plain' }).end('Refused.\n')
        return
      }
      tell(request, { id, proxies })
      handle(request, response).catch((error: unknown) => {
        log.error({ error, request: id }, 'A request failed.')
        if (response.headersSent) response.destroy()
        else response.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong here.\n')
      })
    },
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const begun = [...(underWay.get(socket) ?? [])].some(response => response.headersSent)
    refuseRaw(error, socket, { secure, begun })
  })
  server.timeout = bounds.idleMs
  if (proxies === 0) boundEach(server, bounds.connectionsOfOne)
  boundAll(server, bounds.connections)
  return server
}

/** Of a connection that is kept, earlier answers are over and only those of now can be half written. */
function follow(underWay: WeakMap<Duplex, Set<ServerResponse>>, socket: Socket, response: ServerResponse): void {
  const responses = underWay.get(socket) ?? new Set()
  underWay.set(socket, responses.add(response))
  response.once('close', () => responses.delete(response))
}

/** As Node does by itself, in words that carry the header too; half an answer is not written into. */
function refuseRaw(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { secure, begun }: { secure: boolean; begun: boolean },
): void {
  if (begun || !socket.writable) return void socket.destroy(error)
  const status = REFUSED[error.code ?? ''] ?? '400 Bad Request'
  const hsts = secure ? `strict-transport-security: ${HSTS}\r\n` : ''
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${hsts}\r\n`, () => socket.destroy())
}

/**
 * Where all are taken, whoever has waited longest without asking for anything makes room: connections that are only held
 * keep nobody out, from however many addresses they come.
 */
function boundAll(server: Server, most: number): void {
  const open = new Set<Socket>()
  const waiting = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    if (socket.destroyed) return
    if (open.size >= most) {
      const [longest = socket] = waiting
      longest.destroy()
      waiting.delete(longest)
      open.delete(longest)
      if (longest === socket) return
    }
    open.add(socket)
    waiting.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      waiting.delete(socket)
    })
  })
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    waiting.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) waiting.add(socket)
    })
  })
}

function boundEach(server: Server, most: number): void {
  const held = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const peer = networkOf(addressOf(socket))
    const count = (held.get(peer) ?? 0) + 1
    held.set(peer, count)
    socket.once('close', () => {
      const left = (held.get(peer) ?? 1) - 1
      if (left === 0) held.delete(peer)
      else held.set(peer, left)
    })
    if (count > most) socket.destroy()
  })
}

function refusalOf({ url = '', headers }: IncomingMessage): number | null {
  const isWebhook = url.startsWith(WEBHOOKS)
  // A % that stands for nothing is no address; Next would call it a fault of its own.
  if (headers.host === undefined || !isWritten(url)) return 400
  // Browsers and GitHub say how much they send; what comes without an end in sight is not read.
  if (headers['transfer-encoding'] !== undefined && !isWebhook) return 411
  return Number(headers['content-length'] ?? 0) > (isWebhook ? MOST_BYTES_OF_WEBHOOKS : MOST_BYTES) ? 413 : null
}

function isWritten(url: string): boolean {
  try {
    decodeURIComponent(url.split('?')[0] ?? '')
    return true
  } catch {
    return false
  }
}

function tell(request: IncomingMessage, { id, proxies }: { id: string; proxies: number }): void {
  const { headers, socket } = request
  if (proxies === 0) for (const name of [...OF_PROXIES, 'x-forwarded-for']) delete headers[name]
  const before = headers['x-forwarded-for']
  headers['x-forwarded-for'] = [...(before === undefined ? [] : [before]), addressOf(socket)].join(', ')
  headers['x-request-id'] = id
}

function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:(?=[\d.]+$)/, '')
}

/** The path alone: what stands behind the question mark may be a secret, e.g. the first owner's link. */
function note(log: Logger, request: string, { method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const started = performance.now()
  response.once('close', () => {
    const { statusCode: status } = response
    const level = status >= 500 ? 'warn' : status >= 400 || method !== 'GET' ? 'info' : 'debug'
    const path = url.split('?')[0]
    log[level]({ request, method, path, status, ms: Math.round(performance.now() - started) }, 'Answered.')
  })
}
