/**
 * `npm run bench -- first-load [URL]`: how a running Plumbline feels in a browser whose processor is four times slower:
 * JavaScript over the wire, the largest contentful paint, and how soon typing in the list's search shows.
 */
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { EVENTS_PATH } from '#lib/api/events.ts'
import { browserPath } from '../tests/e2e/browser.ts'
import { countScriptBytes } from '../tests/e2e/script-bytes.ts'
import { typedLetters } from '../tests/e2e/typing.ts'

const ROUNDS = 5
const SLOWER = 4
const PAGES = ['/', '/repositories', '/trends', '/checks', '/inventory', '/owners', '/crawls']

type Load = { bytes: number; paintMs: number }

const [base = 'http://127.0.0.1:3000'] = process.argv.slice(2)
const executablePath = browserPath()
const browser = await chromium.launch({
  ...(executablePath === null ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  for (const address of PAGES) {
    const loads: Load[] = []
    for (let round = 0; round < ROUNDS; round++) loads.push(await load(browser, new URL(address, base).href))
    const paint = median(loads.map(({ paintMs }) => paintMs))
    const kilobytes = Math.round(median(loads.map(({ bytes }) => bytes)) / 1_000)
    process.stdout.write(
      `${address.padEnd(16)} ${String(kilobytes).padStart(5)} KB of JavaScript, largest paint after ${Math.round(paint)} ms\n`,
    )
  }
  const list = new URL('/repositories', base).href
  process.stdout.write(`a typed letter shows after ${await typing(browser, list, 1)}\n`)
  process.stdout.write(`  on a processor four times slower after ${await typing(browser, list, SLOWER)}\n`)
} finally {
  await browser.close()
}

async function slowPage(from: Browser): Promise<{ page: Page; session: CDPSession }> {
  const page = await (await from.newContext({ viewport: { width: 1360, height: 1000 } })).newPage()
  // A stream has no end, and so the page no rest.
  await page.route(`**${EVENTS_PATH}`, route => route.abort())
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  return { page, session }
}

/** Nothing is cached: each load has a context of its own. */
async function load(from: Browser, url: string): Promise<Load> {
  const { page, session } = await slowPage(from)
  const bytes = await countScriptBytes(session)
  await page.goto(url, { waitUntil: 'networkidle' })
  const paintMs = await page.evaluate(
    () =>
      new Promise<number>(resolve => {
        new PerformanceObserver(list => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        })
      }),
  )
  await page.context().close()
  return { bytes: bytes(), paintMs }
}

/** From the key to the frame that shows the letter, in the list's own filter: the median of many, and the longest. */
async function typing(from: Browser, url: string, slower: number): Promise<string> {
  const { page, session } = await slowPage(from)
  await page.goto(url, { waitUntil: 'networkidle' })
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower })
  const taken = await typedLetters(page.getByRole('main').getByRole('searchbox'), 'payments-sdk')
  await page.context().close()
  return `${Math.round(median(taken))} ms, at most ${Math.round(Math.max(...taken))} ms`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
