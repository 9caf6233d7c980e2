/** A first crawl of hundreds of repositories, watched on the page of crawls, which keeps up by itself until it has ended. */
import { expect, type Page, test } from '@playwright/test'
import { EVENTS_PATH } from '../../lib/api/events.ts'
import { expectAccessible } from './accessible.ts'
import { type OwnStack, ownStack } from './own-stack.ts'

const REPOSITORIES = 400
/** So that it takes half a minute on any machine: a tree costs a request, and six are asked for at one time. */
const LATENCY_MS = 400
const MINUTE = 60_000

// Five hours and three quarters from UTC: nobody has that zone by chance.
test.use({ timezoneId: 'Asia/Kathmandu' })
const EAST_MS = (5 * 60 + 45) * MINUTE

let stack: OwnStack
test.afterEach(() => stack.stop())

/** What stands in the parts of the page that move, each time that one of them changes. */
type Seen = { under: string; bar: number; clocks: [text: string, at: string][]; left: string }

/** Notes in the page itself what it shows, so that a machine that is slow to look misses nothing. */
async function watch(page: Page): Promise<() => Promise<Seen[]>> {
  await page.evaluate(() => {
    const seen: Seen[] = []
    const panel = (title: string) =>
      [...document.querySelectorAll<HTMLElement>('section')].find(
        section => section.querySelector('h2')?.textContent === title,
      )
    const note = () => {
      const under = panel('Under way')
      if (under === undefined) return
      const bar = document.querySelector('[aria-label="Crawl in progress"] [role=progressbar]')
      const clocks = [...under.querySelectorAll('time')]
      seen.push({
        under: under.innerText,
        bar: Number(bar?.getAttribute('aria-valuenow') ?? Number.NaN),
        clocks: clocks.map(({ textContent, dateTime }) => [textContent, dateTime]),
        left: panel('Budget left')?.innerText ?? '',
      })
    }
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
    note()
    Object.assign(window, { seen })
  })
  return () => page.evaluate(() => (window as unknown as { seen: Seen[] }).seen)
}

function numbers(seen: readonly Seen[], what: RegExp, where: 'under' | 'left' = 'under'): number[] {
  const found = seen.flatMap(one => what.exec(one[where])?.[1] ?? [])
  return [...new Set(found.map(text => Number(text.replaceAll(',', ''))))]
}

function expectRises(values: readonly number[], atLeast: number): void {
  expect(values).toEqual([...values].sort((a, b) => a - b))
  expect(values.length).toBeGreaterThanOrEqual(atLeast)
}

async function openCrawls(page: Page, url: string): Promise<void> {
  await expect(async () => {
    await page.goto(`${url}/crawls`)
    await expect(page.getByRole('heading', { name: 'Crawls', level: 1 })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 90_000 })
}

test('shows how far it is, what it cost, what is left and when it will be done, by itself', async ({ page }) => {
  test.setTimeout(4 * MINUTE)
  stack = await ownStack(REPOSITORIES, { latency: LATENCY_MS })
  stack.start()
  const listens = page.waitForResponse(answer => new URL(answer.url()).pathname === EVENTS_PATH, {
    timeout: 2 * MINUTE,
  })
  await openCrawls(page, stack.url)
  expect((await listens).headers()['content-type']).toContain('text/event-stream')
  const seenBy = await watch(page)
  const under = page.locator('section', { has: page.getByRole('heading', { name: 'Under way' }) })

  await expect(under).toContainText(/of 400 repositories, done by \d\d:\d\d/, { timeout: 2 * MINUTE })
  // What the server drew is as new as what moves by itself.
  await expect(page.getByRole('listitem').filter({ hasText: 'First crawl running' })).toContainText(/\d+ read/, {
    timeout: MINUTE,
  })
  await expectAccessible(page)
  await expect(under).toContainText('No crawl runs.', { timeout: 2 * MINUTE })
  const row = page.getByRole('listitem').filter({ hasText: 'First crawl' })
  await expect(row).toContainText('First crawl done')
  await expect(row).toContainText('400 read')
  await expect(page.getByText('Every repository could be read')).toBeVisible()
  const seen = await seenBy()
  expectRises(numbers(seen, /([\d,]+) of 400 repositories/), 3)
  expectRises(
    seen.map(({ bar }) => bar).filter((bar, at, all) => bar > 0 && bar !== all[at - 1]),
    2,
  )
  const rest = numbers(seen, /([\d,]+) REST requests/)
  expectRises(rest, 5)
  expect(Number(/(\d+) REST requests/.exec(await row.innerText())?.[1])).toBeGreaterThanOrEqual(Math.max(...rest))
  expectRises(numbers(seen, /([\d,]+) GraphQL points?/), 2)
  expectRises(numbers(seen, /REST requests\s+([\d,]+) of 5,000/, 'left').reverse(), 3)
  // Nobody is told of a cost that is not known yet.
  expect(seen.filter(({ under }) => /\b0 REST requests · 0/.test(under))).toEqual([])
  // A page is sent with the time of UTC; once it runs it is the reader's, and stays so.
  const clocks = seen.flatMap(({ clocks }) => clocks)
  const isLocal = clocks.map(([text, at]) => text === new Date(Date.parse(at) + EAST_MS).toISOString().slice(11, 16))
  expect(isLocal.length).toBeGreaterThan(0)
  expect(isLocal.slice(isLocal.indexOf(true))).not.toContain(false)
  expect(isLocal.at(-1)).toBe(true)
})
