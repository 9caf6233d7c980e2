/** A pretend GitHub of made-up repositories in a process of its own, so that its memory is not counted as ours. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { DOCUMENTED } from '#demo/github/secondary.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'

const ORG = 'synthetic'

/** `limit` null: a server without limits, as a GitHub Enterprise Server is; `latency` in milliseconds. */
export type Made = { repos: number; limit: number | null; latency: number }
const SETTINGS = { secretScanning: true, shaPinningRequired: true, defaultBranchProtected: true }
/** `seen`: the most requests that were under way at one time, and how many a secondary limit refused. */
export type MadeUpGitHub = {
  org: string
  apiUrl: string
  pid: number
  seen(): Promise<{ atOnce: number; refused: number }>
  stop(): Promise<void>
}

export async function makeMadeUpGitHub(dir: string, { repos, limit, latency }: Made): Promise<MadeUpGitHub> {
  await makeSynthetic(dir, { repos })
  const child = fork(import.meta.filename, [dir, String(limit ?? ''), String(latency)])
  const [apiUrl] = (await once(child, 'message')) as [string]
  return {
    org: ORG,
    apiUrl,
    pid: child.pid ?? 0,
    async seen() {
      child.send('seen')
      const [seen] = (await once(child, 'message')) as [{ atOnce: number; refused: number }]
      return seen
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

if (import.meta.main) {
  const [, , dir = '', hourly = '', latency = '0'] = process.argv
  const limit = Number(hourly)
  const github = await startGitHub({
    host: await openNamespaces(dir, ORG, { facts: { settings: SETTINGS }, policy: { shaPinningRequired: false } }),
    limits: hourly === '' ? null : { rest: limit, points: limit },
    latency: Number(latency),
    ...(hourly === '' ? {} : { secondary: DOCUMENTED }),
  })
  process.send?.(github.apiUrl)
  process.on('message', () => process.send?.(github.secondary))
  process.on('disconnect', () => void github.stop().then(() => process.exit()))
}
