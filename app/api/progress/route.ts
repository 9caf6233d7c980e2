import { z } from 'zod'
import { NOTHING_YET, progress } from '#lib/api/crawls.ts'
import { handle } from '#lib/http/handle.ts'
import { orgShown } from '#lib/store/orgs.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { enter, orgAskedFor } from '../../door.ts'

export const GET = handle({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  answer: progress,
  async run(_, { db, viewer }) {
    const orgId = await orgShown(db, { sees: viewer.sees, asked: await orgAskedFor() })
    return orgId === null ? NOTHING_YET : readProgress(db, { orgId, sees: viewer.sees })
  },
})
