import { expect, type Page, test } from '@playwright/test'
import { EVENTS_PATH } from '../../lib/api/events.ts'
import { countScriptBytes } from './script-bytes.ts'

/** Of JavaScript, as it comes over the wire, until the page rests: what a slow line bears. */
const MOST_BYTES = 250_000

const PAGES = ['/', '/repositories', '/trends', '/checks', '/inventory', '/waivers', '/policy', '/owners', '/crawls']

async function scriptBytes(page: Page, address: string): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const bytes = await countScriptBytes(session)
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(address, { waitUntil: 'networkidle' })
  await session.detach()
  return bytes()
}

test('no page brings more JavaScript than a quarter of a megabyte', async ({ page }) => {
  // A stream has no end, and so the page no rest.
  await page.route(`**${EVENTS_PATH}`, route => route.abort())
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
