/** `npm start` with GITHUB_TOKEN, GITHUB_ORG and GITHUB_API_URL, as a person runs it: up, killed, up again, and down in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { openNamespaces } from '../../demo/github/namespaces.ts'
import { startGitHub } from '../../demo/github/server.ts'
import { makeSynthetic } from '../../demo/github/synthetic.ts'
import { firstFreePort } from '../../scripts/port.ts'

const REPOSITORIES = 12

test('one’s own organisation is crawled, survives a kill, is polled by the next start and stops by Ctrl-C', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-own-'))
  const repositories = join(folder, 'all.git')
  await makeSynthetic(repositories, { repos: REPOSITORIES })
  const github = await startGitHub({ host: await openNamespaces(repositories, 'acme') })
  const port = await firstFreePort([4870, 4871, 4872, 4873, 4874])
  const url = `http://127.0.0.1:${port}`
  const started: ChildProcess[] = []
  const start = () => {
    const child = startPlumbline({ folder, port, apiUrl: github.apiUrl })
    started.push(child)
    return child
  }
  try {
    const first = start()
    await expect
      .poll(() => progress(url), { timeout: 90_000 })
      .toMatchObject({ kind: 'first', state: 'done', scanned: REPOSITORIES })
    await page.goto(url)
    await expect(page.getByText('acme').first()).toBeVisible()
    first.kill('SIGKILL')
    await once(first, 'exit')
    await expect.poll(() => progress(url)).toBeNull()

    github.counters.reset()
    const second = start()
    await expect
      .poll(() => progress(url), { timeout: 90_000 })
      .toMatchObject({ kind: 'poll', state: 'done', scanned: REPOSITORIES })
    expect([github.counters.rest, github.counters.points]).toEqual([0, 1])
    second.kill('SIGINT')
    expect(await once(second, 'exit')).toEqual([0, null])
    await expect.poll(() => progress(url)).toBeNull()
  } finally {
    for (const child of started) child.kill('SIGKILL')
    await github.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

function startPlumbline({ folder, port, apiUrl }: { folder: string; port: number; apiUrl: string }): ChildProcess {
  const args = ['scripts/start.ts', '--no-build', '--port', String(port), '--data', join(folder, 'data')]
  const github = { GITHUB_TOKEN: 'any', GITHUB_ORG: 'acme', GITHUB_API_URL: apiUrl, DATABASE_URL: '' }
  return spawn(process.execPath, args, { env: { ...process.env, ...github, LOG_LEVEL: 'error' }, stdio: 'ignore' })
}

/** null: nobody answers. */
async function progress(url: string): Promise<{ kind: string; state: string; scanned: number } | null> {
  try {
    const { run, scanned } = (await (await fetch(`${url}/api/progress`)).json()) as {
      run: { kind: string; state: string } | null
      scanned: number
    }
    return { kind: run?.kind ?? 'none', state: run?.state ?? 'none', scanned }
  } catch {
    // Before it listens, and after it stopped.
    return null
  }
}
