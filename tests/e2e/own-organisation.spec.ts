/** One's own organisation, as a person starts it: up, killed, up again, and down in order. */
import { once } from 'node:events'
import { expect, test } from '@playwright/test'
import { ownStack } from './own-stack.ts'

const REPOSITORIES = 12

test('one’s own organisation is crawled, survives a kill, is polled by the next start and stops by Ctrl-C', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const stack = await ownStack(REPOSITORIES)
  const { url, github } = stack
  try {
    const first = stack.start()
    await expect
      .poll(() => progress(url), { timeout: 90_000 })
      .toMatchObject({ kind: 'first', state: 'done', scanned: REPOSITORIES })
    await page.goto(url)
    await expect(page.getByText('acme').first()).toBeVisible()
    first.kill('SIGKILL')
    await once(first, 'exit')
    await expect.poll(() => progress(url)).toBeNull()

    github.counters.reset()
    const second = stack.start()
    await expect
      .poll(() => progress(url), { timeout: 90_000 })
      .toMatchObject({ kind: 'poll', state: 'done', scanned: REPOSITORIES })
    expect([github.counters.rest, github.counters.points]).toEqual([0, 1])
    second.kill('SIGINT')
    expect(await once(second, 'exit')).toEqual([0, null])
    await expect.poll(() => progress(url)).toBeNull()
  } finally {
    await stack.stop()
  }
})

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
