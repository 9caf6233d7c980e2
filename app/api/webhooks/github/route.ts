import { z } from 'zod'
import { readEnv } from '#lib/env.ts'
import { handleFile } from '#lib/http/handle.ts'
import { SharedLimit } from '#lib/http/rate-limit.ts'
import { readDelivery } from '#lib/http/webhook.ts'
import { saveDelivery } from '#lib/store/hints.ts'
import { count, house, networkBehind } from '../../../door.ts'

/** More than a large organisation's pushes in its busiest minute. */
const fromAddress = new SharedLimit('webhooks', 3_000)

/** GitHub's webhook: whoever holds the secret may say that there is something to look at, and nothing more. */
export const POST = handleFile({
  enter: async request => {
    await count(fromAddress, networkBehind(request.headers))
    return readDelivery(request, readEnv().webhookSecrets)
  },
  query: z.object({}),
  async run(_, delivery) {
    const isNew = await saveDelivery(house().db, delivery, new Date())
    return new Response(isNew ? 'Taken.\n' : 'It was taken before.\n', { status: 202 })
  },
})
