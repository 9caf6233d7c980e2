import { z } from 'zod'
import { readEnv } from '#lib/env.ts'
import { handleFile } from '#lib/http/handle.ts'
import { readDelivery } from '#lib/http/webhook.ts'
import { saveDelivery } from '#lib/store/hints.ts'
import { house } from '../../../door.ts'

/** GitHub's webhook: whoever holds the secret may say that there is something to look at, and nothing more. */
export const POST = handleFile({
  enter: request => readDelivery(request, readEnv().webhookSecrets),
  query: z.object({}),
  async run(_, delivery) {
    const isNew = await saveDelivery(house().db, delivery, new Date())
    return new Response(isNew ? 'Taken.\n' : 'It was taken before.\n', { status: 202 })
  },
})
