/** A push is seen on the open scorecard within a minute, by its webhook; and whoever cannot wait has it looked at. */
import { createHmac } from 'node:crypto'
import { type APIRequestContext, expect, type Page, type Route, test } from '@playwright/test'
import { BEAT_MS, EVENTS_PATH } from '../../lib/api/events.ts'
import { bareRepository } from '../demo/github/made-repository.ts'
import { PLANTED } from '../planted.ts'
import { expectAccessible } from './accessible.ts'
import { PORT } from './browser.ts'
import { SECRETS, type SignedInStack, startSignedIn } from './signed-in-stack.ts'
import { continueAs } from './signing-in.ts'

test.describe.configure({ mode: 'serial' })

const CI = '.github/workflows/ci.yml'
const SECOND = 1_000
const MINUTE = 60 * SECOND
const pinned = (note: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${note}\n`

let stack: SignedInStack
test.beforeAll(async () => {
  test.setTimeout(180_000)
  // So that nothing but the webhook, or a person, can be what made it look.
  const set = { GITHUB_WEBHOOK_SECRET: PLANTED.webhook, PLUMBLINE_CRAWL_MINUTES: '10080' }
  stack = await startSignedIn(PORT + 40, { set })
})
test.afterAll(() => stack.stop())

/** The scorecard of `web`, judged, as Ada sees it. */
async function openScorecard(page: Page): Promise<void> {
  await page.goto(`${stack.url}/repositories/web`)
  await continueAs(page, 'Ada Lovelace')
  await expect(page.getByRole('heading', { level: 1, name: 'web' })).toBeVisible({ timeout: MINUTE })
  await expect(page.getByText(/judged .* at [0-9a-f]{7}/)).toBeVisible({ timeout: MINUTE })
  // What survives is no new page.
  await page.evaluate(() => Object.assign(window, { untouched: true }))
}

async function expectUntouched(page: Page): Promise<void> {
  expect(await page.evaluate(() => 'untouched' in window)).toBe(true)
}

/** Commits to the repository as GitHub holds it. Gives the commit as pages write it. */
async function push(note: string): Promise<string> {
  const date = `${new Date().toISOString().slice(0, 19)}Z`
  const commits = await bareRepository(stack.repositories, 'web', [{ date, files: { [CI]: pinned(note) } }])
  return (commits.at(-1) ?? '').slice(0, 7)
}

async function deliver(request: APIRequestContext, id: string): Promise<{ status: number; milliseconds: number }> {
  const repository = await request.get(`${stack.github.apiUrl}/repos/acme/web`, {
    headers: { authorization: `Bearer ${SECRETS.token}` },
  })
  const body = JSON.stringify({ ref: 'refs/heads/main', repository: await repository.json() })
  const signature = createHmac('sha256', PLANTED.webhook).update(body).digest('hex')
  const began = performance.now()
  const answer = await request.post(`${stack.url}/api/webhooks/github`, {
    data: Buffer.from(body),
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${signature}`,
    },
  })
  return { status: answer.status(), milliseconds: performance.now() - began }
}

test('a push shows on the open scorecard within a minute of its webhook', async ({ page, request }) => {
  test.setTimeout(3 * MINUTE)
  await openScorecard(page)
  const commit = await push('one')
  const { status, milliseconds } = await deliver(request, 'a1')
  expect(status).toBe(202)
  expect(milliseconds).toBeLessThan(1_000)
  await expect(page.getByRole('link', { name: commit }).first()).toBeVisible({ timeout: MINUTE })
  await expectUntouched(page)
  // The same told again is taken, and changes nothing.
  expect((await deliver(request, 'a1')).status).toBe(202)
})

test('who cannot wait has it looked at now, is told how that goes, and sees what was found', async ({ page }) => {
  test.setTimeout(3 * MINUTE)
  await openScorecard(page)
  const button = page.getByRole('button', { name: 'Look again now' })
  const told = page.getByRole('status').filter({ hasText: /changed|judged/ })
  await expect(async () => {
    await button.click({ timeout: 5_000 })
    await expect(button).toBeDisabled({ timeout: 5_000 })
  }).toPass()
  await expect(told).toHaveText(/Nothing has changed since [0-9a-f]{7}\./, { timeout: MINUTE })
  await expect(button).toBeEnabled()
  await expectAccessible(page)
  const commit = await push('two')
  await button.click()
  await expect(told).toHaveText(`Read and judged at ${commit}.`, { timeout: MINUTE })
  await expect(page.getByRole('link', { name: commit }).first()).toBeVisible()
  await expectUntouched(page)
})

test('the page of crawls keeps up by itself: what is left of the points, and that nothing waits any more', async ({
  page,
  request,
}) => {
  test.setTimeout(3 * MINUTE)
  await openScorecard(page)
  await page.getByRole('link', { name: 'Crawls' }).first().click()
  const left = page.locator('section', { has: page.getByRole('heading', { name: 'Budget left' }) })
  const points = left.locator('div', { hasText: 'GraphQL points' }).last()
  await expect(points).toContainText(/[\d,]+ of 5,000/)
  await expect(left).toContainText(/full again at \d\d:\d\d/)
  const before = (await points.textContent()) ?? ''
  await push('three')
  expect((await deliver(request, 'a3')).status).toBe(202)
  await expect(points).not.toHaveText(before, { timeout: MINUTE })
  const lanes = page.locator('section', { has: page.getByRole('heading', { name: 'Under way' }) })
  await expect(lanes.getByText('nothing waits')).toHaveCount(4, { timeout: MINUTE })
  await expect(lanes).toContainText('No crawl runs.')
  await expectUntouched(page)
  await expectAccessible(page)
})

/** How often the page has asked by now. */
function counted(page: Page, path: string): () => number {
  let count = 0
  page.on('request', request => {
    if (new URL(request.url()).pathname === path) count += 1
  })
  return () => count
}

/** How many events of this name the page's stream has brought by now. */
async function heardBy(page: Page): Promise<(name: 'message' | 'beat') => number> {
  const names: string[] = []
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  devtools.on('Network.eventSourceMessageReceived', ({ eventName }) => names.push(eventName))
  return name => names.filter(one => one === name).length
}

test('a page that is told what changes does not ask by the clock, and shows it as soon as it is judged', async ({
  page,
  request,
}) => {
  test.setTimeout(3 * MINUTE)
  await page.clock.install()
  const asked = counted(page, '/api/progress')
  const heard = await heardBy(page)
  await openScorecard(page)
  await expect.poll(() => heard('message')).toBeGreaterThan(0)
  await expect(async () => {
    const beats = heard('beat')
    await expect.poll(() => heard('beat'), { timeout: 2 * BEAT_MS }).toBeGreaterThan(beats)
    const before = asked()
    // Past the next question by the clock, and with the next beat still before the page takes the stream for cut off.
    await page.clock.fastForward(21 * SECOND)
    await page.evaluate(() => fetch('/api/health'))
    expect(asked()).toBe(before)
  }).toPass({ intervals: [0] })
  const progress = async () => (await page.request.get(`${stack.url}/api/progress`)).json()
  const { mark } = await progress()
  const commit = await push('four')
  expect((await deliver(request, 'a4')).status).toBe(202)
  await expect.poll(async () => (await progress()).mark, { timeout: MINUTE }).not.toBe(mark)
  await expect(page.getByRole('link', { name: commit }).first()).toBeVisible({ timeout: MINUTE })
  await expectUntouched(page)
})

for (const [what, stands] of [
  ['refused', (route: Route) => route.abort()],
  ['held', () => new Promise<void>(() => {})],
] as const) {
  test(`a page whose stream is ${what} asks by itself`, async ({ page, request }) => {
    test.setTimeout(3 * MINUTE)
    await page.route(`**${EVENTS_PATH}`, stands)
    await openScorecard(page)
    const commit = await push(what)
    expect((await deliver(request, what)).status).toBe(202)
    await expect(page.getByRole('link', { name: commit }).first()).toBeVisible({ timeout: MINUTE })
    await expectUntouched(page)
  })
}

test('in the demo nobody can ask for a look, and the page says why', async ({ page }) => {
  await page.goto('/repositories/payments-api')
  const button = page.getByRole('button', { name: 'Look again now' })
  await expect(button).toBeDisabled()
  await expect(button).toHaveAccessibleDescription(/The demo is the same for everybody/)
})
