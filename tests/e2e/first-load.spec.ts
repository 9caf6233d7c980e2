import { expect, test } from '@playwright/test'
import { MOST_BYTES, scriptBytes } from './script-bytes.ts'

const PAGES = ['/', '/repositories', '/trends', '/checks', '/inventory', '/waivers', '/policy', '/owners', '/crawls']

test('no page brings more JavaScript than a quarter of a megabyte', async ({ page }) => {
  await page.goto('/repositories')
  const scorecard = await page.getByRole('rowheader').getByRole('link').first().getAttribute('href')
  const heavy: string[] = []
  for (const address of [...PAGES, scorecard ?? '']) {
    const bytes = await scriptBytes(page, address)
    expect(bytes, `${address} runs scripts`).toBeGreaterThan(0)
    if (bytes > MOST_BYTES) heavy.push(`${address}: ${bytes} bytes`)
  }
  expect(heavy).toEqual([])
})
