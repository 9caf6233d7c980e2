import { z } from 'zod'
import { lookAnswer } from '#lib/api/looks.ts'
import { AppError } from '#lib/errors.ts'
import { handle } from '#lib/http/handle.ts'
import { readLook } from '#lib/store/looks.ts'
import { enter, orgFor } from '../../../../door.ts'

/** How the look goes that somebody asked for; what the asker does not see answers like what is not there. */
export const GET = handle({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  answer: lookAnswer,
  async run(_query, { db, viewer }, { name = '' }) {
    const found = await readLook(db, { orgId: await orgFor(viewer), sees: viewer.sees }, name, new Date())
    if (found === null) throw new AppError('not-found', `There is no repository ${name}.`)
    return found
  },
})
