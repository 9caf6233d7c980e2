import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import { splitMessages, type WireMessage } from './wire-messages.ts'

export type WireServer = {
  port: number
  /** Does `work` when it is nobody's turn: no exchange and no transaction is under way, and clients wait until it is done. */
  inTurn(work: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

// Sync: the end of an unfinished exchange.
const SYNC = new Uint8Array([0x53, 0, 0, 0, 4])

/** A client's connection. `waiting`: what it asked and was not answered yet, in order. */
type Client = { socket: Socket; unread: Buffer; greeted: boolean; waiting: Uint8Array[]; gone: boolean }

/**
 * Lets many clients share PGlite's one backend over PostgreSQL's protocol. A client has the backend for itself from the
 * first message of an exchange until the server says that it is idle, so neither the unnamed statement nor a transaction
 * of one client meets another's. (`@electric-sql/pglite-socket` takes turns by single messages, which mixes them up.)
 */
export async function serveWire(database: PGlite, port: number): Promise<WireServer> {
  const turns = takeTurns(database)
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    const client: Client = { socket, unread: Buffer.alloc(0), greeted: false, waiting: [], gone: false }
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('data', data => {
      try {
        client.waiting.push(...read(client, data))
      } catch (error) {
        socket.destroy(error instanceof Error ? error : undefined)
      }
      turns.next(client)
    })
    // A reset connection is a client that went: 'close' follows and says so.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      client.gone = true
      client.waiting = []
      turns.next(client)
    })
  })
  await listen(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    inTurn: turns.between,
    stop: async () => {
      const closed = new Promise(resolve => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      await turns.finished()
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

/** The messages that have arrived whole and are the backend's to answer. */
function read(client: Client, data: Buffer): Uint8Array[] {
  client.unread = client.unread.length === 0 ? data : Buffer.concat([client.unread, data])
  const { messages, rest } = splitMessages(client.unread, client.greeted)
  client.unread = rest
  client.greeted ||= messages.some(({ kind }) => kind === 'startup')
  return messages.flatMap(message => (isOurs(client, message) ? [] : [message.bytes]))
}

// What the backend must not see: it would answer for every client, or end.
function isOurs({ socket }: Client, { kind }: WireMessage): boolean {
  if (kind === 'encryption') socket.write('N')
  if (kind === 'terminate' || kind === 'cancel') socket.end()
  return kind === 'encryption' || kind === 'terminate' || kind === 'cancel'
}

type Turns = { next(client: Client): void; between: WireServer['inTurn']; finished(): Promise<void> }

function takeTurns(database: PGlite): Turns {
  const queue = new Set<Client>()
  const asides: (() => Promise<void>)[] = []
  let owner: Client | null = null
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    for (;;) {
      const aside = owner === null ? asides.shift() : undefined
      if (aside !== undefined) {
        await aside()
        continue
      }
      const client: Client | undefined = owner ?? [...queue].find(waiter => waiter.waiting.length > 0)
      if (client === undefined) return
      const message = client.waiting.shift()
      if (message !== undefined) {
        // To the end of the line, so that a busy client cannot keep the others out.
        queue.delete(client)
        if (client.waiting.length > 0) queue.add(client)
        owner = (await answer(database, client, message)) ? null : client
      } else if (client.gone) {
        await cleanUp(database)
        owner = null
      } else return
    }
  }

  function start(): void {
    // A failure of the backend itself is no client's error: the process ends, and the starter says so.
    running ??= run().finally(() => {
      running = null
    })
  }

  return {
    next: client => {
      if (client.waiting.length > 0) queue.add(client)
      else queue.delete(client)
      start()
    },
    between: work => {
      const done = new Promise<void>((resolve, reject) => {
        asides.push(() => work().then(resolve, reject))
      })
      start()
      return done
    },
    finished: async () => {
      while (running !== null) await running
    },
  }
}

/** Answers one message. Says whether the backend is idle after it. */
async function answer(database: PGlite, { socket }: Client, message: Uint8Array): Promise<boolean> {
  let tail = Buffer.alloc(0)
  await database.runExclusive(() =>
    database.execProtocolRawStream(message, {
      onRawData: data => {
        const copy = Buffer.from(data)
        tail = Buffer.concat([tail, copy]).subarray(-6)
        if (socket.writable) socket.write(copy)
      },
    }),
  )
  return isIdle(tail)
}

// ReadyForQuery, which ends every answer to Query and Sync: Z, its length 5, and I for idle.
function isIdle(tail: Buffer): boolean {
  return tail.equals(Buffer.from('Z\0\0\0\u0005I', 'latin1'))
}

async function cleanUp(database: PGlite): Promise<void> {
  await database.runExclusive(() => database.execProtocolRawStream(SYNC, { onRawData: () => undefined }))
  await database.exec('ROLLBACK')
}
