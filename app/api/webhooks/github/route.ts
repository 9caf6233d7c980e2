import { z } from 'zod'
import { readEnv } from '#lib/env.ts'
import { handleFile } from '#lib/http/handle.ts'
import { RateLimit } from '#lib/http/rate-limit.ts'
import { readDelivery } from '#lib/http/webhook.ts'
import { saveDelivery } from '#lib/store/hints.ts'
import { addressOf, house } from '../../../door.ts'

/** More than a large organisation's pushes in its busiest minute. */
const fromAddress = new RateLimit(3_000)

/** GitHub's webhook: whoever holds the secret may say that there is something to look at, and nothing more. */
export const POST = handleFile({
  enter: request => {
    fromAddress.take(addressOf(request.headers) ?? 'unknown', Date.now())
    return readDelivery(request, readEnv().webhookSecrets)
  },
  query: z.object({}),
  async run(_, delivery) {
    const isNew = await saveDelivery(house().db, delivery, new Date())
    return new Response(isNew ? 'Taken.\n' : 'It was taken before.\n', { status: 202 })
  },
})
