import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBy, readDelivery } from '#lib/http/webhook.ts'

const SECRETS = ['new secret', 'old secret']
const PUSH = JSON.stringify({ ref: 'refs/heads/main', repository: { node_id: 'R_1', owner: { login: 'acme' } } })

function sent(body: string | Uint8Array<ArrayBuffer>, secret: string, headers: Record<string, string> = {}): Request {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const all = { 'x-github-delivery': 'a1-b2', 'x-github-event': 'push', 'x-hub-signature-256': signature, ...headers }
  return new Request('http://localhost/api/webhooks/github', { method: 'POST', body, headers: all })
}

test("GitHub's own example of a signature", () => {
  const [secret, body] = ["It's a Secret to Everybody", Buffer.from('Hello, World!')]
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  expect(isSignedBy(body, signature, secret)).toBe(true)
  expect(isSignedBy(Buffer.from('Hello, World?'), signature, secret)).toBe(false)
  expect(isSignedBy(body, `${signature}0`, secret)).toBe(false)
  expect(isSignedBy(body, '', secret)).toBe(false)
})

test('a delivery is taken with the new secret and with the old one, over the bytes as they came', async () => {
  const told = { id: 'a1-b2', event: 'push', org: 'acme', repository: 'R_1' }
  for (const secret of SECRETS) expect(await readDelivery(sent(PUSH, secret), SECRETS)).toEqual(told)
  const spaced = ` ${PUSH}\n`
  expect(await readDelivery(sent(spaced, 'new secret'), SECRETS)).toEqual(told)
  const form = `payload=${encodeURIComponent(PUSH)}`
  expect(await readDelivery(sent(form, 'new secret'), SECRETS)).toEqual(told)
})

test('what is not signed by us, too large, or no delivery is refused', async () => {
  await expect(readDelivery(sent(PUSH, 'another'), SECRETS)).rejects.toMatchObject({ code: 'unauthenticated' })
  await expect(readDelivery(sent(PUSH, 'new secret'), [])).rejects.toMatchObject({ code: 'not-found' })
  const headless = sent(PUSH, 'new secret', { 'x-github-delivery': '' })
  await expect(readDelivery(headless, SECRETS)).rejects.toMatchObject({ code: 'invalid-input' })
  const largest = sent(new Uint8Array(25 * 1024 * 1024), 'new secret')
  expect(await readDelivery(largest, SECRETS)).toMatchObject({ event: 'push' })
  const large = sent(new Uint8Array(25 * 1024 * 1024 + 1), 'new secret')
  await expect(readDelivery(large, SECRETS)).rejects.toMatchObject({ code: 'invalid-input' })
})

test('an event about no repository, or one that nobody knows yet, names nothing to look at', async () => {
  const unknown = sent('{"zen":"Keep it logically awesome."}', 'new secret', { 'x-github-event': 'brand_new' })
  expect(await readDelivery(unknown, SECRETS)).toMatchObject({ event: 'brand_new', org: null, repository: null })
  expect(await readDelivery(sent('no JSON', 'new secret'), SECRETS)).toMatchObject({ org: null, repository: null })
})
