import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { EVENTS_PATH } from '../../lib/api/events.ts'
import { may, ROLES, seesOf } from '../../lib/auth/permit.ts'
import { PLANTED } from '../planted.ts'
import { ROUTE_RIGHTS } from '../route-rights.ts'
import { expectAccessible } from './accessible.ts'
import { PORT } from './browser.ts'
import { SECRETS, type SignedInStack, startSignedIn } from './signed-in-stack.ts'
import { becomeOwner, continueAs, signIn } from './signing-in.ts'

test.describe.configure({ mode: 'serial' })

let stack: SignedInStack
test.beforeAll(async () => {
  test.setTimeout(180_000)
  stack = await startSignedIn(PORT + 10)
})
test.afterAll(() => stack.stop())

/** With what an answer begins that has no end. */
function begun(page: Page, address: string): Promise<number> {
  return page.evaluate(async url => {
    const leave = new AbortController()
    const { status } = await fetch(url, { signal: leave.signal })
    leave.abort()
    return status
  }, address)
}

test('without signing in nothing is shown, and the API says so', async ({ page, request }) => {
  await page.goto(`${stack.url}/repositories/web?x=1`)
  await expect(page).toHaveURL(`${stack.url}/sign-in?to=%2Frepositories%2Fweb%3Fx%3D1`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText('acme')).toHaveCount(0)
  await expectAccessible(page)
  const answer = await request.get(`${stack.url}/api/progress`)
  expect(answer.status()).toBe(401)
  expect(await answer.json()).toMatchObject({ code: 'unauthenticated' })
})

test('the badge of a public repository is for everybody, and a private one has none', async ({ request }) => {
  const facts = async () => (await request.get(`${stack.url}/api/badges/web.json`)).json()
  await expect.poll(async () => (await facts()).commit, { timeout: 60_000 }).toMatch(/^[0-9a-f]{40}$/)
  const { message, repository } = await facts()
  const badge = await request.get(`${stack.url}/api/badges/web.svg`)
  expect(badge.headers()['content-type']).toBe('image/svg+xml; charset=utf-8')
  expect(await badge.text()).toContain(`<title>supply chain: ${message}</title>`)
  expect(repository).toBe('web')
  for (const name of ['vault.svg', 'vault.json', 'nowhere.svg', 'web', '%00.svg']) {
    expect((await request.get(`${stack.url}/api/badges/${name}`)).status(), name).toBe(404)
  }
})

test('somebody who is no member is told so', async ({ page }) => {
  await page.goto(stack.url)
  await expect(page).toHaveURL(/\/sign-in\?to=%2F$/)
  await continueAs(page, 'Eve')
  await expect(page.getByRole('alert').filter({ hasText: 'Only members' })).toBeVisible()
})

test('a member comes in, claims the ownership, gives a role, and the log tells of it', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await expect(page).toHaveURL(`${stack.url}/`)
  await becomeOwner(page, stack)
  await expectAccessible(page)
  await page.getByLabel('Role of Ada Lovelace').selectOption('viewer')
  await page.getByRole('button', { name: 'Change' }).click()
  await expect(page.getByText('Ada Lovelace is the only owner.')).toBeVisible()
  await page.goto(`${stack.url}/audit`)
  await expect(page.getByRole('cell', { name: 'member.role' })).toBeVisible()
  await expect(page.getByText(/rows fit together/)).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'sign-in.refused' })).toContainText('127.0.0.1')
  await expectAccessible(page)
  await page.getByLabel('What was done').selectOption('member.role')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page.getByRole('cell', { name: 'sign-in.refused' })).toHaveCount(0)
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'These events as CSV' }).click()
  const file = await readFile(await (await downloading).path(), 'utf8')
  expect(file).toMatch(/^seq,at,actor,name,action,resource,address,details,previous,hash\r\n/)
  expect(file).toContain('member.role')
  expect(file).not.toContain('sign-in.refused')
  await page.goto(`${stack.url}/audit?action=export`)
  await expect(page.getByRole('cell', { name: 'export.audit' })).toBeVisible()
})

test('a key is shown once, does what it may, and ends', async ({ page, request }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await page.goto(`${stack.url}/keys`)
  await page.getByLabel('What it is for').fill('nightly report')
  await page.getByRole('button', { name: 'Make key' }).click()
  const key = await page.locator('code', { hasText: /^plb_.{40,}/ }).innerText()
  await expectAccessible(page)
  const headers = { authorization: `Bearer ${key}` }
  expect((await request.get(`${stack.url}/api/progress`, { headers })).status()).toBe(200)
  await page.reload()
  await expect(page.getByText(key)).toHaveCount(0)
  await page.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('revoked')).toBeVisible()
  expect((await request.get(`${stack.url}/api/progress`, { headers })).status()).toBe(401)
})

test('who has no right to a page does not see it, and signing out ends the session', async ({ page }) => {
  await signIn(page, stack, 'Grace Hopper')
  await page.getByText('Grace Hopper').click()
  await expect(page.getByRole('link', { name: 'Members' })).toHaveCount(0)
  await page.goto(`${stack.url}/members`)
  await expect(page.getByText('Your role does not allow this')).toBeVisible()
  const cookies = await page.context().cookies()
  await page.goto(stack.url)
  await page.getByText('Grace Hopper').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  // What was copied before is of no use after.
  await page.context().addCookies(cookies)
  await page.goto(stack.url)
  await expect(page).toHaveURL(/\/sign-in/)
})

/** Addresses of a route: for one repository, one that is shown to the person, a public one and a hidden one. */
function addressesOf(route: string): { address: string; hidden: boolean }[] {
  const filled = route
    .replace('[id]', 'actions-pinned')
    .replace('[provider]', 'github')
    .replace('[what]', 'repositories')
    .replace('[...all]', 'ok')
    .replace('[file]', 'web.svg')
    .replace(/packages\/uses$/, '$&?purl=pkg:npm/left-pad')
    .replace(/actions\/uses$/, '$&?uses=actions/checkout')
  if (!filled.includes('[name]')) return [{ address: filled, hidden: false }]
  return ['web', 'ledger'].map(name => ({ address: filled.replace('[name]', name), hidden: name === 'ledger' }))
}

/** Opens a page; everything that was sent for it, seen or not. */
async function shown(page: Page, address: string): Promise<string> {
  const answer = await page.goto(address)
  return (await answer?.text()) ?? ''
}

test('every route × every role × shown and hidden repositories', async ({ browser }) => {
  test.setTimeout(800_000)
  const owner = await browser.newPage()
  const person = await browser.newPage()
  await signIn(owner, stack, 'Ada Lovelace')
  await signIn(person, stack, 'Grace Hopper')
  for (const role of ROLES) {
    await owner.goto(`${stack.url}/members`)
    await owner.getByLabel('Role of Grace Hopper').selectOption(role)
    const row = owner.getByRole('listitem').filter({ hasText: 'Grace Hopper' })
    await Promise.all([
      owner.waitForResponse(answer => answer.request().method() === 'POST'),
      row.getByRole('button', { name: 'Change' }).click(),
    ])
    await expect(owner.getByLabel('Role of Grace Hopper')).toHaveValue(role)
    const sees = seesOf(role, 'x')
    for (const [route, right] of Object.entries(ROUTE_RIGHTS)) {
      if (right === 'open') continue
      if (route === EVENTS_PATH) {
        expect(await begun(person, stack.url + route), `${role} ${route}`).toBe(200)
        continue
      }
      for (const { address, hidden } of addressesOf(route)) {
        const allowed = may({ role, sees, scopes: null }, right)
        const there = !hidden || sees.all
        const where = `${role} ${address}`
        const isPage = !route.startsWith('/api/')
        const answer = isPage ? null : await person.request.get(stack.url + address, { maxRedirects: 0 })
        const text = answer === null ? await shown(person, stack.url + address) : await answer.text()
        if (answer !== null) {
          // A repository without a fix has no patch, and no policy is tried: that is told like one that is not there.
          const fine = /\/(?:patch|trials\/[^/]+)$/.test(address) ? [200, 404] : [200]
          expect(allowed ? (there ? fine : [404]) : [403], where).toContain(answer.status())
        } else {
          const main = expect(person.getByRole('main'), where)
          if (!allowed) await main.toContainText('Your role does not allow this')
          else if (!there) await main.toContainText('There is nothing under this address')
          else await expect(person.getByRole('heading', { level: 1 }), where).not.toHaveText(/Not allowed|Not found/)
        }
        if (!sees.all && !address.includes('ledger')) expect(text, where).not.toContain('ledger')
      }
    }
  }
  await owner.close()
  await person.close()
})

test('who is not signed in reaches nothing but what is open', async ({ request }) => {
  for (const [route, right] of Object.entries(ROUTE_RIGHTS)) {
    for (const { address } of addressesOf(route)) {
      const answer = await request.get(stack.url + address, { maxRedirects: 0 })
      const where = `${address}: ${answer.status()}`
      // A page is sent while it is made: it may begin before the browser is sent away, and then says nothing.
      if (right !== 'open') expect(route.startsWith('/api/') ? [401] : [200, 307], where).toContain(answer.status())
      // The address itself comes back in what is sent: of all else nothing is told.
      const hidden = ['ledger', 'vault', 'acme'].filter(name => !address.includes(name))
      const text = await answer.text()
      for (const name of hidden) expect(text, where).not.toContain(name)
    }
  }
})

test('a secret that is set on the page counts, is told in the log, and is shown to nobody', async ({
  page,
  request,
}) => {
  await signIn(page, stack, 'Ada Lovelace')
  await page.goto(`${stack.url}/settings`)
  await expectAccessible(page)
  await expect(page.locator('#crawl')).toContainText('set by environment')
  const group = page.locator('#webhooks')
  await expect(group).toContainText('not set')
  const deliver = () => {
    const body = '{"zen":"Keep it logically awesome."}'
    const signature = createHmac('sha256', PLANTED.webhook).update(body).digest('hex')
    const headers = {
      'x-github-delivery': 'a1',
      'x-github-event': 'ping',
      'x-hub-signature-256': `sha256=${signature}`,
    }
    return request.post(`${stack.url}/api/webhooks/github`, { headers, data: Buffer.from(body) })
  }
  expect((await deliver()).status()).toBe(404)
  await group.getByLabel('Webhook secret').fill(PLANTED.webhook)
  await group.getByRole('button', { name: 'Save' }).click()
  await expect(group).toContainText('set here')
  await expect(group).toContainText('Ada Lovelace')
  // The web server starts anew with it, and meanwhile nobody answers; who is signed in stays so.
  await expect
    .poll(
      () =>
        deliver().then(
          answer => answer.status(),
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(202)
  for (const path of ['/settings', '/audit'])
    expect(await shown(page, stack.url + path), path).not.toContain(PLANTED.webhook)
  await expect(page.getByRole('cell', { name: 'setting:GITHUB_WEBHOOK_SECRET' })).toBeVisible()
  await page.goto(`${stack.url}/settings`)
  await expect(group.getByLabel('Webhook secret')).toHaveValue('')
  await group.getByRole('button', { name: 'Remove what is kept here' }).click()
  await expect(group).toContainText('not set')
  await expect
    .poll(
      () =>
        deliver().then(
          answer => answer.status(),
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(404)
  await page.goto(`${stack.url}/settings`)
  const oidc = page.locator('#oidc')
  await oidc.getByLabel('Issuer').fill('https://169.254.169.254')
  await oidc.getByLabel('Client id').fill('x')
  await oidc.getByLabel('Client secret').fill('y')
  await oidc.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'inside this network' })).toBeVisible()
})

test('nothing that was printed holds a secret', () => {
  for (const secret of [...Object.values(SECRETS), PLANTED.webhook]) expect(stack.output()).not.toContain(secret)
  expect(stack.output()).not.toMatch(/gho_|plb_/)
})
