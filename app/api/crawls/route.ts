import { z } from 'zod'
import { crawling } from '#lib/api/crawling.ts'
import { AppError } from '#lib/errors.ts'
import { handle } from '#lib/http/handle.ts'
import { newestOrg } from '#lib/store/orgs.ts'
import { readCrawling } from '#lib/store/pages/crawling.ts'
import { enter } from '../../door.ts'

/** What the page of crawls keeps itself up by: the crawl that runs, the budgets and the lanes of now. */
export const GET = handle({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  answer: crawling,
  async run(_query, { db, viewer }) {
    const orgId = await newestOrg(db)
    if (orgId === null) throw new AppError('not-found', 'Nothing has been crawled yet.')
    return readCrawling(db, { orgId, sees: viewer.sees }, new Date())
  },
})
