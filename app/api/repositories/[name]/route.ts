import { z } from 'zod'
import { AppError } from '#lib/errors.ts'
import { handleFile } from '#lib/http/handle.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { enter, orgAskedFor } from '../../../door.ts'

/** What the scorecard shows, as JSON; dates are ISO texts. */
export const GET = handleFile({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  async run(_query, { db, viewer }, { name = '' }) {
    const frame = await readFrame(db, viewer.sees, await orgAskedFor())
    const card = frame && (await readScorecard(db, frame.scope, name, new Date(), undefined))
    if (!frame || !card) throw new AppError('not-found', `There is no repository ${name}.`)
    return Response.json({ org: frame.org, ...card }, { headers: { 'cache-control': 'no-store' } })
  },
})
