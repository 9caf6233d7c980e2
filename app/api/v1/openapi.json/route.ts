import { readEnv } from '#lib/env.ts'
import { openapi } from '#lib/http/openapi.ts'

/** What the API offers; it tells nothing of the organisation, so nobody has to sign in for it. */
export function GET(): Response {
  return Response.json(openapi(readEnv().url))
}
