import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Asked without a pause the server would have to share the machine with the asking. */
const BETWEEN_MS = 100

/** The web server as it is run, at that port; it needs the database to be there and migrated while it starts. */
export async function serveWeb(databaseUrl: string, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, DATABASE_URL: databaseUrl, PLUMBLINE_URL: url, NODE_ENV: 'production' as const }
  const child = spawn(process.execPath, ['scripts/serve.ts', '127.0.0.1', String(port)], { env, stdio: 'ignore' })
  const exited = once(child, 'exit')
  await answering(`${url}/api/health`, exited)
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { url, stop }
}

/** Waits until the address answers; gives up where the process behind it ended. */
export async function answering(address: string, exited: Promise<unknown>): Promise<void> {
  let ended = false
  void exited.then(() => {
    ended = true
  })
  while (!ended) {
    const answer = await fetch(address).catch(() => null)
    if (answer?.ok) return
    await sleep(BETWEEN_MS)
  }
  throw new Error(`Nothing answers at ${address}.`)
}
