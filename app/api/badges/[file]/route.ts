import { z } from 'zod'
import { badgeFacts, badgeOf, badgeSvg } from '#lib/api/badges.ts'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'
import { handleFile } from '#lib/http/handle.ts'
import { SharedLimit } from '#lib/http/rate-limit.ts'
import { readJudged } from '#lib/store/pages/badge.ts'
import { count, house, networkBehind } from '../../../door.ts'

const byAddress = new SharedLimit('badges', 300)

/** The badge of a public repository, and the facts on it, for everybody; nothing is there unless it is switched on. */
export const GET = handleFile({
  async enter(request) {
    if (!readEnv().badges) throw new AppError('not-found', 'Badges are switched off here.')
    await count(byAddress, networkBehind(request.headers))
    return house().db
  },
  query: z.object({ org: z.string().max(100).optional() }),
  async run({ org }, db, { file = '' }) {
    const [, name, kind] = /^(.+)\.(svg|json)$/.exec(file) ?? []
    const judged = name === undefined ? null : await readJudged(db, name, org ?? null)
    if (judged === null) throw new AppError('not-found', 'There is no public repository of that name.')
    const facts = badgeFacts.parse(badgeOf(judged))
    const headers = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' }
    if (kind === 'json') return Response.json(facts, { headers })
    return new Response(badgeSvg(facts), { headers: { ...headers, 'content-type': 'image/svg+xml; charset=utf-8' } })
  },
})
