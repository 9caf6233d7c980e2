import { z } from 'zod'
import { AppError } from '#lib/errors.ts'
import { handleFile } from '#lib/http/handle.ts'
import { readPlace } from '#lib/store/pages/frame.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { enter, orgAskedFor } from '../../../door.ts'

/** What the scorecard shows, as JSON; dates are ISO texts. */
export const GET = handleFile({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  async run(_query, { db, viewer }, { name = '' }) {
    const shown = await readPlace(db, viewer.sees, await orgAskedFor())
    const card = shown && (await readScorecard(db, shown.scope, name, new Date(), undefined))
    if (!shown || !card) throw new AppError('not-found', `There is no repository ${name}.`)
    return Response.json({ org: shown.org, ...card }, { headers: { 'cache-control': 'no-store' } })
  },
})
