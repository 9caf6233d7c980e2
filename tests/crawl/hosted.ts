import { onTestFinished } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import type { Scenario } from '#demo/github/scenario.ts'
import { type GitHubOptions, startGitHub } from '#demo/github/server.ts'
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { bareRepository, temporaryFolder } from '#tests/demo/github/bare-repository.ts'

export type Files = Record<string, string | Buffer>

/** Bare repositories, each of one commit, in a folder that is gone after the test. */
export async function repositories(named: Record<string, Files | null>): Promise<string> {
  const dir = temporaryFolder()
  for (const [name, files] of Object.entries(named))
    await bareRepository(dir, name, files === null ? [] : [{ date: '2026-05-01T00:00:00Z', files }])
  return dir
}

/**
 * A pretend GitHub over the folder and a client whose waits only move its clock; `waited` in seconds. `timeout` is real: a
 * busy machine answers late.
 */
export async function hosted(
  dir: string,
  scenario: Scenario = [],
  { timeout = 60_000, ...more }: Partial<GitHubOptions> & { timeout?: number } = {},
) {
  const clock = { milliseconds: 0, waited: [] as number[] }
  const start = Date.parse('2026-06-01T00:00:00Z')
  const now = () => new Date(start + clock.milliseconds)
  const github = await startGitHub({ host: await openGitHost(dir, 'acme'), scenario, now, ...more })
  onTestFinished(() => github.stop())
  const client = connect({
    apiUrl: github.apiUrl,
    token: more.token ?? 'secret-token',
    timeout,
    clock: {
      now: () => clock.milliseconds,
      async sleep(milliseconds) {
        clock.milliseconds += milliseconds
        clock.waited.push(milliseconds / 1000)
      },
    },
  })
  return { github, client, source: githubSource(client, 'acme'), waited: clock.waited, now }
}
