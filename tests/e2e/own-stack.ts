/** `npm start` with GITHUB_TOKEN, GITHUB_ORG and GITHUB_API_URL, as a person runs it, over made-up repositories. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNamespaces } from '../../demo/github/namespaces.ts'
import { type GitHubOptions, type PretendGitHub, startGitHub } from '../../demo/github/server.ts'
import { makeSynthetic } from '../../demo/github/synthetic.ts'
import { firstFreePort } from '../../scripts/port.ts'

const ORG = 'acme'

export type OwnStack = {
  url: string
  github: PretendGitHub
  /** Starts it, also again on the same data; needs the pages to be built. */
  start(): ChildProcess
  stop(): Promise<void>
}

/** An organisation of that many repositories at a pretend GitHub, and a folder for what is read of it. Starts nothing yet. */
export async function ownStack(repos: number, options: Omit<GitHubOptions, 'host'> = {}): Promise<OwnStack> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-own-'))
  const repositories = join(folder, 'all.git')
  await makeSynthetic(repositories, { repos })
  const github = await startGitHub({ host: await openNamespaces(repositories, ORG), ...options })
  const port = await firstFreePort([4870, 4871, 4872, 4873, 4874])
  const started: ChildProcess[] = []
  return {
    url: `http://127.0.0.1:${port}`,
    github,
    start() {
      const program = ['scripts/start.ts', '--no-build', '--port', String(port), '--data', join(folder, 'data')]
      const own = { GITHUB_TOKEN: 'any', GITHUB_ORG: ORG, GITHUB_API_URL: github.apiUrl, DATABASE_URL: '' }
      const env = { ...process.env, ...own, LOG_LEVEL: 'error' }
      const child = spawn(process.execPath, program, { env, stdio: 'ignore' })
      started.push(child)
      return child
    },
    async stop() {
      for (const child of started) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        await gone
      }
      await github.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
