/** Who stops a part has not found a fault in it: it ends with status 0, also while it still starts. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PLANTED } from '#tests/planted.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A database that takes connections and says nothing: whoever has come so far waits for it. */
async function silentDatabase(): Promise<{ url: string; asked: Promise<unknown> }> {
  const server = createServer(socket => socket.on('error', () => socket.destroy())).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `postgresql://me@127.0.0.1:${port}/plumbline`, asked: once(server, 'connection') }
}

test.each([
  ['the pages', ['scripts/web.ts', '--no-build']],
  ['the page server', ['scripts/serve.ts', '127.0.0.1', '43995']],
  ['a worker', ['workers/main.ts']],
])('%s', async (_name, program) => {
  const { url, asked } = await silentDatabase()
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    stdio: 'ignore',
    env: {
      ...process.env,
      DATABASE_URL: url,
      GITHUB_TOKEN: PLANTED.classic,
      GITHUB_ORG: 'acme',
      PORT: '43995',
      PLUMBLINE_INTEGRITY: 'off',
    },
  })
  const ended = once(child, 'exit')
  await Promise.race([asked, ended])
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
