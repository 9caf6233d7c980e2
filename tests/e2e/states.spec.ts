import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { migrate } from '#prisma/migrate.ts'
import { expectAccessible } from './accessible.ts'
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

  test('every list says that it is empty and what comes next', async ({ page }) => {
    const sentences = {
      '/': 'Nothing has been crawled yet',
      '/repositories': 'No repository has been listed yet',
      '/crawls': 'No crawl has run yet',
    }
    for (const [place, sentence] of Object.entries(sentences)) {
      await page.goto(url + place)
      await expect(page.getByRole('main').getByText(sentence)).toBeVisible()
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
