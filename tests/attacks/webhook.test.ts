import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readDelivery } from '#lib/http/webhook.ts'

const SECRETS = ['the secret']
const MEGABYTE = 1024 * 1024

/** A delivery whose body comes a megabyte at a time, `held` back at each; tells how much of it was taken. */
function delivery(megabytes: number, headers: Record<string, string>, held: Promise<void> = Promise.resolve()) {
  const taken = { bytes: 0 }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (taken.bytes === megabytes * MEGABYTE) return controller.close()
        if (taken.bytes > 0) await held
        taken.bytes += MEGABYTE
        controller.enqueue(new Uint8Array(MEGABYTE))
      },
    },
    { highWaterMark: 0 },
  )
  const all = { 'x-github-delivery': 'a1', 'x-github-event': 'push', ...headers }
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', headers: all }
  return { taken, request: new Request('http://localhost/api/webhooks/github', init) }
}

const SIGNED_WRONG = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }

test.each(['', 'sha1=00', `sha256=${'0'.repeat(63)}`, `sha256=${'Z'.repeat(64)}`])(
  'nothing is read of what comes with %j for a signature',
  async signature => {
    const { request, taken } = delivery(20, signature === '' ? {} : { 'x-hub-signature-256': signature })
    await expect(readDelivery(request, SECRETS)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(taken.bytes).toBe(0)
  },
)

test('a body without end is read to 25 MB and no further', async () => {
  const { request, taken } = delivery(1_000, SIGNED_WRONG)
  await expect(readDelivery(request, SECRETS)).rejects.toMatchObject({ code: 'invalid-input' })
  expect(taken.bytes).toBeLessThanOrEqual(27 * MEGABYTE)
})

test('a flood of them holds 100 MB at most, and when it is over deliveries are taken again', async () => {
  const gate = Promise.withResolvers<void>()
  const flood = Array.from({ length: 12 }, () => delivery(20, SIGNED_WRONG, gate.promise))
  const answers = flood.map(({ request }) =>
    readDelivery(request, SECRETS).catch((error: { code: string }) => error.code),
  )
  gate.resolve()
  const codes = await Promise.all(answers)
  expect(codes).toContain('rate-limited')
  const body = '{}'
  const signature = `sha256=${createHmac('sha256', 'the secret').update(body).digest('hex')}`
  const headers = { 'x-github-delivery': 'a1', 'x-github-event': 'push', 'x-hub-signature-256': signature }
  const fine = new Request('http://localhost/', { method: 'POST', body, headers })
  expect(await readDelivery(fine, SECRETS)).toMatchObject({ event: 'push' })
})

test('a signed body of a million brackets is a delivery about nothing', async () => {
  for (const body of ['['.repeat(1_000_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`]) {
    const signature = `sha256=${createHmac('sha256', 'the secret').update(body).digest('hex')}`
    const headers = { 'x-github-delivery': 'a1', 'x-github-event': 'push', 'x-hub-signature-256': signature }
    const request = new Request('http://localhost/', { method: 'POST', body, headers })
    expect(await readDelivery(request, SECRETS)).toMatchObject({ org: null, repository: null })
  }
})
