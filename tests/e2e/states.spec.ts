/** Every page in every state, each made by its real cause, on a store of 10,000 repositories. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import pg from 'pg'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { fillStore } from '../../bench/made-up-store.ts'
import { type EmbeddedDatabase, startDatabase } from '../../scripts/database.ts'
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts'
import { PORT } from './browser.ts'
import { CARD, PAGES } from './page-states.ts'
import { serveWeb } from './pages.ts'

test.describe.configure({ mode: 'serial', timeout: 300_000 })

const DAY_MS = 86_400_000
const NARROW = { width: 320, height: 800 }
const WIDE = { width: 1360, height: 1000 }
const directory = mkdtempSync(join(tmpdir(), 'plumbline-states-'))

let database: EmbeddedDatabase
let web: Awaited<ReturnType<typeof serveWeb>>

test.beforeAll(async () => {
  test.setTimeout(300_000)
  database = await startDatabase({ dir: directory })
  await migrate(database.url)
  web = await serveWeb(database.url, PORT + 60)
})
test.afterAll(async () => {
  await web.stop()
  await database.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** What a reader would see of a fault: messages of the browser, and scripts that were let run. */
function faultsOf(page: Page): string[] {
  const faults: string[] = []
  page.on('console', message => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', error => faults.push(error.message))
  page.on('dialog', dialog => {
    faults.push(`A script ran: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return faults
}

async function expectFits(page: Page): Promise<void> {
  await page.setViewportSize(NARROW)
  await expectNoSidewaysScroll(page)
  await page.setViewportSize(WIDE)
}

/** Changes the store as nothing of ours would. */
async function run(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  for (const sql of statements) await client.query(sql)
  await client.end()
}

test('empty: every page says that nothing is there yet and what comes next', async ({ page }) => {
  const faults = faultsOf(page)
  for (const { path, says, empty } of PAGES) {
    await page.goto(web.url + path)
    await expect(
      page
        .getByRole('main')
        .getByText(empty ?? says)
        .first(),
      path,
    ).toBeVisible()
    await expectFits(page)
    await expectAccessible(page)
  }
  expect(faults).toEqual([])
})

test('full, with 10,000 repositories: every page stands, from 320 pixels to 4K, and says nothing in the console', async ({
  page,
}) => {
  const db = openDatabase(database.url)
  await fillStore(db, { repos: 10_000, checks: 6, scans: 1, days: 30, findings: 10_000 }, new Date())
  await closeDatabase(db)
  const faults = faultsOf(page)
  for (const { path, says } of PAGES) {
    await page.goto(web.url + path)
    await expect(page.getByRole('main').getByText(says).first(), path).toBeVisible()
    await page.setViewportSize({ width: 3840, height: 2160 })
    await expectNoSidewaysScroll(page)
    await expectFits(page)
  }
  expect(faults).toEqual([])
})

test('loading: every page that reads shows the shape of what comes, and nothing jumps when it does', async ({
  page,
}) => {
  for (const { path, says } of PAGES) {
    if (path === '/api-docs' || path === '/exports') continue
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    // The embedded database lets nobody else in while a transaction is open.
    await client.query('begin')
    await page.goto(web.url + path, { waitUntil: 'commit' })
    await expect(page.getByText('Loading', { exact: true }).first(), path).toBeAttached()
    await expect.poll(() => page.evaluate(isStyled), path).toBe(true)
    await expectFits(page)
    // The shape of the part of the site that the page lies in may come before its own.
    const before = await settled(() => tops(page).then(([first]) => first))
    await client.query('commit')
    await client.end()
    await expect(page.getByRole('main').getByText(says).first(), path).toBeVisible()
    if (before === undefined) continue
    // A line of words more or less is no jump; the scorecard's first surface is a line without a frame.
    const jump = async () => Math.abs(((await tops(page))[0] ?? before) - before)
    await expect.poll(jump, path).toBeLessThanOrEqual(24)
  }
})

/** Whether the page has its shape: its words are there before that. */
function isStyled(): boolean {
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')]
  return sheets.length > 0 && sheets.every(({ sheet }) => sheet !== null)
}

/** What is read once it is the same for a second. */
async function settled<T>(read: () => Promise<T>): Promise<T> {
  let last = { value: await read(), since: performance.now() }
  await expect(async () => {
    const value = await read()
    if (value !== last.value) last = { value, since: performance.now() }
    expect(performance.now() - last.since).toBeGreaterThan(1_000)
  }).toPass({ intervals: [100] })
  return last.value
}

/** Where the first surfaces of the page begin. */
function tops(page: Page): Promise<number[]> {
  return page.locator('main .panel').evaluateAll(all => all.map(one => Math.round(one.getBoundingClientRect().top)))
}

test('failing: a page whose read breaks says so with the request’s id, the others stand, and trying again mends it', async ({
  page,
}) => {
  for (const { path, says, breaks } of PAGES) {
    if (breaks === undefined) continue
    await run(`alter table "${breaks}" rename to "Away"`)
    const answer = await page.goto(web.url + path)
    const alert = page.getByRole('alert').filter({ hasText: 'This page could not be made' })
    await expect(alert, path).toBeVisible()
    await expect(alert).toContainText('stays in the database')
    await expect(alert).toContainText(`In the log as ${answer?.headers()['x-request-id']}`)
    await expectFits(page)
    await run(`alter table "Away" rename to "${breaks}"`)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('main').getByText(says).first(), path).toBeVisible()
  }
  await run('alter table "Subject" rename to "Away"')
  await page.goto(`${web.url}/`)
  await expectAccessible(page)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Crawls' }).click()
  await expect(page.getByText('What the token may see')).toBeVisible()
  await run('alter table "Away" rename to "Subject"')
})

test('stale: where no worker is heard of every page says since when, and what to do', async ({ page }) => {
  const ago = new Date(Date.now() - 3 * DAY_MS).toISOString()
  await run(`update "CrawlRun" set "startedAt" = '${ago}', "finishedAt" = '${ago}'`)
  for (const { path } of PAGES) {
    await page.goto(web.url + path)
    const notice = page.getByRole('complementary', { name: 'How old this is' })
    await expect(notice, path).toContainText('The worker was last heard of 3 days ago')
    await expect(notice).toContainText('npm start')
  }
  await expectFits(page)
  await expectAccessible(page)
})

test('stale: a crawl that failed says why and that the rest is kept; a used-up budget says when it is full', async ({
  page,
}) => {
  await run(
    `update "CrawlRun" set state = 'failed', reason = 'GitHub refuses the token.', "finishedAt" = now()`,
    `update "Org" set account = 'a'`,
    `insert into "Budget" (account, resource, "limit", remaining, "resetAt", "pausedUntil")
      values ('a', 'core', 5000, 0, now() + interval '40 minutes', now() + interval '40 minutes')`,
  )
  await page.goto(`${web.url}/crawls`)
  const notice = page.getByRole('complementary', { name: 'How old this is' })
  await expect(notice).toContainText('The last crawl failed. GitHub refuses the token. What was read before is kept')
  await expect(notice.getByRole('link', { name: 'What the token may' })).toHaveAttribute('href', '/access')
  await expect(page.getByText('0 of 5,000')).toBeVisible()
  await expect(page.getByText(/^full again at/)).toBeVisible()
  await expectFits(page)
  await expectAccessible(page)
  await run(`update "CrawlRun" set state = 'done', reason = null`)
})

test('hostile and very long names are text, seen whole, and break no page', async ({ page }) => {
  const names = ['<img src=x onerror=alert(1)>', 'gpj.\u202Etxt', `a-${'very-'.repeat(40)}long-name`]
  const faults = faultsOf(page)
  for (const [index, name] of names.entries())
    await run(
      `update "Repository" set name = '${name}', teams = array['${name}'], topics = array['${name}'] where id = ${index + 1}`,
    )
  for (const name of names) {
    const card = `/repositories/${encodeURIComponent(name)}`
    const list = `/repositories?only=${encodeURIComponent(name)}&columns=items,score,owners,topics`
    for (const path of [list, card, `${card}/remediation`, `${card}/changes`, `${card}/inventory`]) {
      await page.goto(web.url + path)
      const shown = page
        .getByRole('main')
        .getByText(name.split('\u202E')[0] ?? '')
        // Filters hold it too, in choices that are not open.
        .filter({ visible: true })
        .first()
      await expect(shown, path).toBeVisible()
      if (name.includes('\u202E')) await expect(page.getByRole('main').getByText('U+202E').first(), path).toBeVisible()
      await expectFits(page)
    }
  }
  await page.goto(`${web.url}/owners`)
  await expect(page.getByRole('rowheader').first()).toBeVisible()
  await expectFits(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  expect(faults).toEqual([])
})

test('without the right a page says so and leads on; one row, none, and a page beyond the last are told as such', async ({
  page,
}) => {
  await page.goto(`${web.url}/repositories?q=service-77777`)
  await expect(page.getByText('No repository is like that')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Show all of them' })).toHaveAttribute('href', '/repositories')
  await page.goto(`${web.url}/repositories?page=9999`)
  await expect(page.getByText('The list ends before this page')).toBeVisible()
  await page.goto(`${web.url}/repositories?q=service-7777`)
  await expect(page.getByRole('row')).toHaveCount(2)
  await run('update "Org" set demo = true')
  for (const path of ['/members', '/settings', '/policy/change']) {
    await page.goto(web.url + path)
    await expect(page.getByText('The demo has no such page')).toBeVisible()
    await expect(page.getByRole('main').getByRole('link', { name: 'To the overview' })).toBeVisible()
    await expectFits(page)
  }
  await expectAccessible(page)
  await run('update "Org" set demo = false')
})

test('the network or the database gone: an open page says that it may be old, every other what happened, and all comes back', async ({
  page,
  context,
}) => {
  await run(`update "CrawlRun" set state = 'running', "startedAt" = now(), "finishedAt" = null`)
  await page.goto(web.url + CARD)
  await expect(page.getByText('Next, most gain first')).toBeVisible()
  await context.setOffline(true)
  const notice = page.getByRole('status').filter({ hasText: 'what you see may be old' })
  await expect(notice).toContainText('You are offline')
  await context.setOffline(false)
  await expect(notice).toBeHidden()
  const port = Number(new URL(database.url).port)
  await database.stop()
  // A page that is told of changes finds out at the next beat, and then asks three times more.
  await expect(notice).toContainText('The server does not answer', { timeout: 60_000 })
  await expect(page.getByText('Next, most gain first')).toBeVisible()
  const other = await context.newPage()
  for (const { path } of PAGES) {
    await other.goto(web.url + path)
    const alert = other.getByRole('alert').filter({ hasText: 'The database does not answer' })
    await expect(alert, path).toContainText('stays in the database')
    await expect(other.getByRole('navigation', { name: 'Main' })).toBeVisible()
    await expectFits(other)
  }
  await expectAccessible(other)
  await other.goto(`${web.url}/checks`)
  await expect(other.getByText('The database cannot be read')).toBeVisible()
  database = await startDatabase({ dir: directory, port })
  await other.getByRole('button', { name: 'Try again' }).click()
  await expect(other.getByText('What is looked at in every repository')).toBeVisible()
  await expect(other.getByText('The database cannot be read')).toBeHidden()
  // Between two tries of the open page, with the retries of each, lies more than one wait of a test.
  await page.bringToFront()
  await expect(notice).toBeHidden({ timeout: 60_000 })
})
