import { once } from 'node:events'
import { createServer } from 'node:net'
import { AppError } from '#lib/errors.ts'

/** Throws port-taken where something listens there already; Next would only say EADDRINUSE, after minutes of work. */
export async function refuseTakenPort(port: number): Promise<void> {
  if (await isFree(port)) return
  throw new AppError(
    'port-taken',
    `Port ${port} on 127.0.0.1 is taken by another program.`,
    'Stop that program, or choose another port: npm start -- --port 3001.',
  )
}

/** The first of the wished ports that is free; 0, which lets the system choose, comes last. */
export async function firstFreePort(wished: readonly number[]): Promise<number> {
  for (const port of wished) if (await isFree(port)) return port
  return 0
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
