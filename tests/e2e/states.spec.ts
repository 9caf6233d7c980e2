import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { migrate } from '#prisma/migrate.ts'
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts'
import { PAGES } from './page-states.ts'
import { servePages } from './pages.ts'

test.describe('before the first crawl', () => {
  let url = ''
  let stop = async () => {}

  test.beforeAll(async () => {
    const { startDatabase } = await import('../../scripts/database.ts')
    const directory = mkdtempSync(join(tmpdir(), 'plumbline-empty-'))
    const database = await startDatabase({ dir: directory })
    await migrate(database.url)
    const pages = await servePages(database.url)
    url = pages.url
    stop = async () => {
      await pages.stop()
      await database.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  })
  test.afterAll(() => stop())

  test('every page says that nothing is there yet and what comes next', async ({ page }) => {
    test.setTimeout(240_000)
    for (const { path, says, empty } of PAGES) {
      await page.goto(url + path)
      await expect(
        page
          .getByRole('main')
          .getByText(empty ?? says)
          .first(),
        path,
      ).toBeVisible()
      await page.setViewportSize({ width: 320, height: 800 })
      await expectNoSidewaysScroll(page)
      await page.setViewportSize({ width: 1360, height: 1000 })
      await expectAccessible(page)
    }
  })
})

test('without a database every page says what happened and what to do, and keeps its frame', async ({ page }) => {
  const port = await closedPort()
  const pages = await servePages(`postgresql://nobody@127.0.0.1:${port}/none`)
  try {
    for (const place of ['/', '/repositories', '/crawls', '/checks']) {
      await page.goto(pages.url + place)
      await expect(page.getByRole('alert').filter({ hasText: 'The database does not answer' })).toBeVisible()
      await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
      await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    }
    await expectAccessible(page)
  } finally {
    await pages.stop()
  }
})

/** A port at which nothing listens: one that was free a moment ago. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 1))
    })
  })
}
