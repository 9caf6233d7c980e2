/** A worker inside the test: the real jobs over a pretend GitHub, run until none is left. */
import { afterAll } from 'vitest'
import type { Scenario } from '#demo/github/scenario.ts'
import type { GitHubOptions } from '#demo/github/server.ts'
import type { Source } from '#lib/crawl/source.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import type { JobName } from '#lib/queue/jobs.ts'
import type { Database } from '#lib/store/database.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { hosted } from '#tests/crawl/hosted.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

export const now = () => new Date('2026-06-01T00:00:00Z')

/** To be called once in a file: its workers share a judge. */
export function inlineWorkers() {
  const judges = openJudges({ count: 1 })
  afterAll(() => judges.close())

  /** `through`: what stands between the jobs and the organisation. */
  return async (
    db: Database,
    dir: string,
    scenario: Scenario = [],
    { through = source => source, ...options }: Partial<GitHubOptions> & { through?(source: Source): Source } = {},
  ) => {
    const { source: direct, client, github } = await hosted(dir, scenario, options)
    const source = through(direct)
    const { api, web } = client.addresses
    const org = await saveOrg(db, { login: 'acme', apiUrl: api, webUrl: web, demo: false })
    const queue = inlineQueue()
    const log = createLog('silent')
    const bookUsage = usageBook(db, client)
    const handlers = handlersOf({ db, queue, judges, source, now, log, replay: false, bookUsage })
    const work = async (job: JobName & ('discover-repositories' | 'test-token')) => {
      await queue.enqueue(job, { orgId: org.id })
      await queue.drain(handlers, new AbortController().signal)
    }
    return { db, org, source, github, queue, log, work }
  }
}
