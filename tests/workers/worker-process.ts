/** Workers as processes of their own, over a pretend GitHub; all of it ends with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as turn } from 'node:timers/promises'
import { afterEach } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { type GitHubOptions, type PretendGitHub, startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { PLANTED } from '#tests/planted.ts'

const ROOT = join(import.meta.dirname, '../..')

export function workersOf(databaseUrl: () => string) {
  const children: ChildProcess[] = []
  let github: PretendGitHub | undefined
  let folder = ''

  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, 'SIGKILL')
    await github?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    /** `dir` is where the repositories are, to push to. */
    async serve(
      repositories: number,
      options: Partial<GitHubOptions> = {},
    ): Promise<{ apiUrl: string; dir: string; counters: PretendGitHub['counters'] }> {
      folder = mkdtempSync(join(tmpdir(), 'plumbline-workers-'))
      const dir = join(folder, 'all.git')
      await makeSynthetic(dir, { repos: repositories })
      github = await startGitHub({ host: await openNamespaces(dir, 'acme'), limits: null, ...options })
      return { apiUrl: github.apiUrl, dir, counters: github.counters }
    },
    start(apiUrl: string, more: Readonly<Record<string, string>> = {}): ChildProcess {
      const child = spawn(process.execPath, ['workers/main.ts'], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          DATABASE_URL: databaseUrl(),
          GITHUB_TOKEN: PLANTED.installation,
          GITHUB_ORG: 'acme',
          GITHUB_API_URL: apiUrl,
          LOG_LEVEL: 'error',
          ...more,
        },
      })
      children.push(child)
      return child
    },
  }
}

/** Waits for a state that another process brings about; the test's own time limit ends a wait in vain. */
export async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await turn(20)
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill(signal)
  const [code] = await gone
  return code
}
