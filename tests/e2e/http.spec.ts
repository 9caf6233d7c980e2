import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from '@playwright/test'
import { PORT } from './browser.ts'

function ask(path: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: PORT, path, headers: { host } }, async answer => {
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) })
    }).on('error', reject)
  })
}

test('no badge is there unless somebody switched them on', async ({ request }) => {
  const answer = await request.get('/api/badges/web.svg')
  expect(answer.status()).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'not-found', title: 'Badges are switched off here.' })
})

test('another host name that leads here is refused, so that no foreign page can read this one', async () => {
  for (const path of ['/', '/api/progress']) {
    const { status, body } = await ask(path, 'evil.example')
    expect(status).toBe(421)
    expect(body).toContain('Open it by one of those names')
  }
  expect((await ask('/api/progress', `localhost:${PORT}`)).status).toBe(200)
})

test('every page brings a policy that lets only its own scripts run, and runs under it', async ({ page }) => {
  const refused: string[] = []
  page.on('console', message => message.type() === 'error' && refused.push(message.text()))
  page.on('pageerror', error => refused.push(error.message))
  const answer = await page.goto('/')
  const headers = answer?.headers() ?? {}
  expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['x-frame-options']).toBe('DENY')
  expect(headers['x-powered-by']).toBeUndefined()
  for (const place of ['/repositories', '/checks', '/crawls']) {
    await page.goto(place)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
  }
  expect(refused).toEqual([])
})
