/** What GitHub sends by itself: taken only with a good signature, and then only as a hint of where to look. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'

/** GitHub never sends more. */
const MAX_BYTES = 25 * 1024 * 1024
/** What may lie in memory of deliveries that were not looked at yet: anybody can send some, and only then are they refused. */
const MAX_UNDER_WAY = 4 * MAX_BYTES
let underWay = 0

/** `org` and `repository` where the event is about one: its login, and the global id by which it is looked at. */
export type Delivery = { id: string; event: string; org: string | null; repository: string | null }

const payload = z.object({
  organization: z.object({ login: z.string() }).nullish(),
  repository: z.object({ node_id: z.string().min(1).max(200), owner: z.object({ login: z.string() }) }).nullish(),
})

/**
 * The delivery in a request. Throws AppError `not-found` where no secret is set, `unauthenticated` where the signature is
 * none of ours, `invalid-input` where it is too large or no delivery of GitHub, `rate-limited` where too much comes at once.
 */
export async function readDelivery(request: Request, secrets: readonly string[]): Promise<Delivery> {
  if (secrets.length === 0)
    throw new AppError('not-found', 'No webhooks are taken here.', 'Set GITHUB_WEBHOOK_SECRET to take them.')
  const id = request.headers.get('x-github-delivery') ?? ''
  const event = request.headers.get('x-github-event') ?? ''
  const signature = request.headers.get('x-hub-signature-256') ?? ''
  // Without anything like a signature the body is not even read.
  const raw = /^sha256=[0-9a-f]{64}$/.test(signature) ? await bytesOf(request) : null
  if (raw === null || !secrets.map(secret => isSignedBy(raw, signature, secret)).includes(true))
    throw new AppError('unauthenticated', 'The signature is none of ours.', 'Check the secret of the webhook.')
  if (!/^[0-9A-Za-z-]{1,64}$/.test(id) || !/^[a-z_]{1,64}$/.test(event))
    throw new AppError('invalid-input', 'It lacks the headers of a delivery.')
  const told = payload.safeParse(jsonOf(raw)).data
  return {
    id,
    event,
    org: told?.repository?.owner.login ?? told?.organization?.login ?? null,
    repository: told?.repository?.node_id ?? null,
  }
}

/** Whether `sha256=…` is the HMAC of exactly these bytes; takes as long for a wrong one as for a right one. */
export function isSignedBy(raw: Uint8Array, signature: string, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`)
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

async function bytesOf(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength
      underWay += chunk.byteLength
      if (length > MAX_BYTES) throw new AppError('invalid-input', 'It is larger than 25 MB.')
      if (underWay > MAX_UNDER_WAY)
        throw new AppError('rate-limited', 'Too many deliveries at once.', 'Nothing is lost: the next look finds it.')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    underWay -= length
  }
}

/** A webhook may also be set to send forms; the signature is over the form then. */
function jsonOf(raw: Buffer): unknown {
  const text = raw.toString('utf8')
  try {
    return JSON.parse(text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text)
  } catch {
    // Signed by GitHub and yet no JSON: it names nothing to look at, which is what null says.
    return null
  }
}
