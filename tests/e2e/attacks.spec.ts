import { request as ask } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, type Page, test } from '@playwright/test'
import { PORT } from './browser.ts'
import { expectListening } from './listening.ts'
import { SECRETS, type SignedInStack, startSignedIn } from './signed-in-stack.ts'
import { signIn } from './signing-in.ts'

/** A branch, a file and a workflow's text that would run in a page that takes them for markup. */
const MARKUP = '<img/src=x/onerror=document.title=`pwned`>'
const HOSTILE = {
  branch: `main"${MARKUP}`,
  path: `.github/workflows/"${MARKUP.replaceAll('/', '\u2215')}'.yml`,
  text: `on: push
jobs:
  a:
    name: '</script><script>document.title="pwned"</script>'
    runs-on: ubuntu-24.04
    steps:
      - uses: "evil/${MARKUP.replaceAll('/', '-')}@v1"
      - uses: actions/checkout@v4 # =cmd|' /C calc'!A0 \u202e{{constructor}}
`,
}

let stack: SignedInStack
test.beforeAll(async () => {
  test.setTimeout(240_000)
  stack = await startSignedIn(PORT + 30, { hostile: [HOSTILE] })
})
test.afterAll(() => stack.stop())

/** Exactly these bytes: a browser or a fetch would mend the path before it is sent. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = ask(
      { host: '127.0.0.1', port: PORT + 30, path, method, headers: { ...headers, ...length } },
      async answer => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }),
    )
    sent.on('error', reject).end(body)
  })
}

test('what a repository says runs nowhere: branch, file, workflow, message, in every page of it', async ({ page }) => {
  const refused: string[] = []
  page.on('console', message => message.type() === 'error' && refused.push(message.text()))
  page.on('pageerror', error => refused.push(error.message))
  await signIn(page, stack, 'Ada Lovelace')
  const pages = ['', '/changes', '/remediation'].map(more => `/repositories/hostile${more}`)
  for (const path of [...pages, '/', '/repositories', '/checks/actions-pinned', '/crawls', '/trends', '/exports']) {
    await page.goto(stack.url + path)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    await expect(page.locator('img[src="x"], script:has-text("pwned")')).toHaveCount(0)
    expect(await page.title(), path).not.toContain('pwned')
  }
  await page.goto(`${stack.url}/repositories/hostile`)
  await expect(page.getByText(HOSTILE.path).first()).toBeAttached()
  // Nor does a page break the policy by itself: no style attribute, no script without its nonce.
  expect(refused).toEqual([])
})

test('the policy leaves nothing to inline scripts and styles', async ({ page }) => {
  await page.goto(`${stack.url}/sign-in`)
  const { headers } = await raw('/sign-in', { host: `127.0.0.1:${PORT + 30}` })
  const policy = String(headers['content-security-policy'])
  expect(policy).not.toMatch(/unsafe-(?:inline|eval)/)
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"])
    expect(policy).toContain(part)
  const ran = await page.evaluate(() => {
    const { body } = document
    body.insertAdjacentHTML(
      'beforeend',
      '<p id="probe" style="position:fixed" onclick="document.title=\'pwned\'">x</p>',
    )
    const script = document.createElement('div')
    script.innerHTML = '<img src="/none" onerror="document.title=\'pwned\'">'
    body.append(script)
    const probe = document.getElementById('probe')
    probe?.click()
    return { position: probe && getComputedStyle(probe).position, title: document.title }
  })
  expect(ran.position).toBe('static')
  expect(ran.title).not.toBe('pwned')
})

test('a foreign page cannot act: actions ask where they come from', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await page.goto(`${stack.url}/keys`)
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  await expectListening(page.getByRole('button', { name: 'Make key' }))
  const form = page.waitForRequest(request => request.method() === 'POST')
  await page.getByLabel('What it is for').fill('from the page itself')
  await page.getByRole('button', { name: 'Make key' }).click()
  const sent = await form
  await expect(page.getByText('Copy it now')).toBeVisible()
  const { host: _, ...given } = await sent.allHeaders()
  const plain = Object.fromEntries(Object.entries(given).filter(([name]) => /^(next-|content-type|accept)/.test(name)))
  const body = (sent.postDataBuffer() ?? Buffer.from(''))
    .toString('latin1')
    .replace('from the page itself', 'from elsewhere')
  const again = (origin: string, more: Record<string, string> = {}) =>
    raw('/keys', { ...plain, cookie, origin, host: `127.0.0.1:${PORT + 30}`, ...more }, 'POST', body)
  expect((await again('https://evil.example')).status).not.toBe(200)
  expect((await again('https://evil.example', { 'x-forwarded-host': 'evil.example' })).status).not.toBe(200)
  expect((await again('null')).status).not.toBe(200)
  await page.goto(`${stack.url}/keys`)
  await expect(page.getByText('from the page itself')).toBeVisible()
  await expect(page.getByText('from elsewhere')).toHaveCount(0)
  expect((await page.context().cookies()).every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).toBe(true)
})

test('no path leads to a file, to another host, or around the door', async () => {
  const host = `127.0.0.1:${PORT + 30}`
  const paths = [
    '/_next/static/../../package.json',
    '/_next/static/..%2f..%2f..%2fetc%2fpasswd',
    '/..%2f..%2fetc/passwd',
    '//evil.example/',
    '/%2e%2e/%2e%2e/.plumbline/database/PG_VERSION',
    '/api/repositories/..%2f..%2fvault',
    '/api/repositories/%2e%2e',
    '/api/repositories/%',
    '/api/v1/repositories/%00',
    '/_next/image?url=http%3A%2F%2F169.254.169.254%2F&w=64&q=75',
    '/_next/data/x/members.json',
    '/members?_rsc=1',
    '/REPOSITORIES/vault',
    '/repositories/vault/',
  ]
  for (const path of paths) {
    const { status, headers, body } = await raw(path, {
      host,
      'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
    })
    const where = `${path}: ${status}`
    expect(status, where).toBeLessThan(500)
    expect(body, where).not.toMatch(/root:x|"dependencies"|ledger|Ada Lovelace/)
    expect(new URL(String(headers.location ?? '/'), stack.url).origin, where).toBe(stack.url)
  }
})

test('a way back after signing in adds no header and leads to no other host', async () => {
  const host = `127.0.0.1:${PORT + 30}`
  for (const to of [
    '%0d%0aSet-Cookie:%20a=b',
    '//evil.example',
    'https://evil.example',
    '/%5cevil.example',
    '/\\evil.example',
  ]) {
    const { status, headers } = await raw(`/sign-in/github?to=${to}`, { host })
    expect(status).toBe(302)
    expect(new URL(String(headers.location)).origin).toBe(new URL(stack.github.apiUrl).origin)
    expect(String(headers['set-cookie'])).not.toContain('a=b')
  }
})

test('JSON bombs, forms without end and patterns in filters are answered at once', async ({ page }) => {
  const host = `127.0.0.1:${PORT + 30}`
  const json = { host, origin: stack.url, 'content-type': 'application/json' }
  const bombs = [
    '['.repeat(500_000),
    `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    `{"a":"${'a'.repeat(900_000)}"}`,
  ]
  for (const bomb of bombs) {
    const { status } = await raw('/api/auth/sign-out', json, 'POST', bomb)
    expect(status).toBeLessThan(500)
  }
  expect((await raw('/api/auth/sign-out', json, 'POST', 'a'.repeat(1_100_000))).status).toBe(413)
  await signIn(page, stack, 'Ada Lovelace')
  for (const q of ['(a+)+$', '%'.repeat(3_000), '_%'.repeat(1_500), '\\'.repeat(3_000), '\0', '\ud800']) {
    const answer = await page.request.get(`${stack.url}/api/v1/repositories?q=${encodeURIComponent(q.toWellFormed())}`)
    expect([200, 400], q.slice(0, 10)).toContain(answer.status())
    const list = await page.request.get(`${stack.url}/repositories?q=${encodeURIComponent(q.toWellFormed())}`)
    expect(list.status(), q.slice(0, 10)).toBeLessThan(500)
  }
})

test('an answer that was kept for one person is none for another, and none is kept by those between', async ({
  browser,
}) => {
  const [ada, grace] = [await browser.newPage(), await browser.newPage()]
  await signIn(ada, stack, 'Ada Lovelace')
  await signIn(grace, stack, 'Grace Hopper')
  const tag = async (page: Page) => {
    const answer = await page.request.get(`${stack.url}/api/v1/organisation`)
    expect(answer.headers()['cache-control']).toContain('private')
    return answer.headers().etag ?? ''
  }
  const [hers, other] = [await tag(ada), await tag(grace)]
  expect(hers).not.toBe(other)
  const headers = { 'if-none-match': hers }
  expect((await ada.request.get(`${stack.url}/api/v1/organisation`, { headers })).status()).toBe(304)
  expect((await grace.request.get(`${stack.url}/api/v1/organisation`, { headers })).status()).toBe(200)
  // Ada is shown the vault by GitHub, Grace is not: for her it is as absent as what never was.
  const asked = async (name: string) => {
    const answer = await grace.request.get(`${stack.url}/api/v1/repositories/${name}`)
    return { status: answer.status(), body: await answer.text(), names: Object.keys(answer.headers()).toSorted() }
  }
  expect(await asked('vault')).toEqual(await asked('never-was'))
  await ada.close()
  await grace.close()
})

test('nothing that was printed holds a secret, and each line of the log is one', () => {
  for (const secret of Object.values(SECRETS)) expect(stack.output()).not.toContain(secret)
  const lines = stack
    .output()
    .split('\n')
    .filter(line => line.startsWith('{'))
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow()
})
