import { z } from 'zod'
import { crawling } from '#lib/api/crawling.ts'
import { handle } from '#lib/http/handle.ts'
import { readCrawling } from '#lib/store/pages/crawling.ts'
import { enter, orgFor } from '../../door.ts'

/** What the page of crawls keeps itself up by: the crawl that runs, the budgets and the lanes of now. */
export const GET = handle({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  answer: crawling,
  async run(_query, { db, viewer }) {
    return readCrawling(db, { orgId: await orgFor(viewer), sees: viewer.sees }, new Date())
  },
})
