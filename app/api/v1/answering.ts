/** How every route of the public API answers: within the rate limit, for a viewer who may read, with an ETag. */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Place, Scope } from '#lib/api/frame.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { AppError } from '#lib/errors.ts'
import { handleFile } from '#lib/http/handle.ts'
import { limitHeaders } from '#lib/http/rate-limit.ts'
import type { Database } from '#lib/store/database.ts'
import { readPlace } from '#lib/store/pages/frame.ts'
import { enterCounted, orgAskedFor } from '../../door.ts'

type Endpoints = typeof ENDPOINTS
type Id = keyof Endpoints
type Run<Name extends Id> = (
  db: Database,
  scope: Scope,
  asked: { query: z.output<Endpoints[Name]['query']>; params: Readonly<Record<string, string>>; place: Place },
) => Promise<z.input<Endpoints[Name]['answer']> | null>

/** `run` answers null where there is no such thing, or none that the viewer sees. */
export function endpoint<Name extends Id>(id: Name, run: Run<Name>) {
  const { query, answer } = ENDPOINTS[id]
  return handleFile({
    query,
    async enter(request) {
      return { ...(await enterCounted(request, 'read')), known: request.headers.get('if-none-match') }
    },
    async run(asked, { db, viewer, allowances, known }, params) {
      const place = await readPlace(db, viewer.sees, await orgAskedFor())
      const made =
        place && (await run(db, place.scope, { query: asked as z.output<Endpoints[Name]['query']>, params, place }))
      if (made === null) throw new AppError('not-found', 'There is no such thing, or it is not shown to you.')
      const body = JSON.stringify(answer.parse(made))
      // Bound to the viewer, so that what one was shown tells another nothing.
      const etag = `"${createHash('sha256').update(`${viewer.id}\n${body}`).digest('base64url').slice(0, 27)}"`
      const headers = {
        'content-type': 'application/json',
        'cache-control': 'private, no-cache',
        etag,
        ...limitHeaders(allowances),
      }
      return known === etag ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
    },
  })
}
