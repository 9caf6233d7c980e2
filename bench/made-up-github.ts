/** A pretend GitHub of made-up repositories in a process of its own, so that its memory is not counted as ours. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'

const ORG = 'synthetic'

export type MadeUpGitHub = { org: string; apiUrl: string; pid: number; stop(): Promise<void> }

export async function makeMadeUpGitHub(
  dir: string,
  { repos, limit }: { repos: number; limit: number },
): Promise<MadeUpGitHub> {
  await makeSynthetic(dir, { repos })
  const child = fork(import.meta.filename, [dir, String(limit)])
  const [apiUrl] = (await once(child, 'message')) as [string]
  return {
    org: ORG,
    apiUrl,
    pid: child.pid ?? 0,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

if (import.meta.main) {
  const limit = Number(process.argv[3])
  const github = await startGitHub({
    host: await openNamespaces(process.argv[2] ?? '', ORG),
    limits: { rest: limit, points: limit },
  })
  process.send?.(github.apiUrl)
  process.on('disconnect', () => void github.stop().then(() => process.exit()))
}
