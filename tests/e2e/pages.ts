import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The pages alone, as built, over that database and at a free port. */
export async function servePages(databaseUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const program = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', '0']
  const env = { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: 'production' as const }
  const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const url = await addressOf(child)
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { url, stop }
}

/** The address that the server tells once it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  let url: string | undefined
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url !== undefined && line.includes('Ready')) return url
  }
  throw new Error('The pages ended before they listened.')
}
