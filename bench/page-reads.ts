import type { Scope } from '#lib/api/frame.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { rangeOf } from '#lib/api/trends.ts'
import type { Database } from '#lib/store/database.ts'
import { readCheckCounts, readFailing } from '#lib/store/pages/checks.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { readTrends } from '#lib/store/pages/trend.ts'

const DAY_MS = 24 * 3600 * 1000

/** What each page reads of a made-up store of so many repositories, by the page's name. */
export function pageReads(
  db: Database,
  { scope, check, now, repos }: { scope: Scope; check: string; now: Date; repos: number },
): Record<string, () => Promise<unknown>> {
  const list = (query: object) => () => readRepositories(db, scope, repositoriesQuery.parse(query), now)
  const name = `service-${Math.ceil(repos / 2) + 1}`
  const range = rangeOf({}, now)
  return {
    'frame of every page': () => readFrame(db, scope.sees),
    progress: () => readProgress(db, scope.sees),
    overview: () => readOverview(db, scope, new Date(now.getTime() - 30 * DAY_MS), now),
    repositories: list({}),
    'repositories, page 100': list({ page: 100 }),
    'repositories by name': list({ q: '77' }),
    'repositories failing a check': list({ check, outcome: 'fail' }),
    'repositories failing an item': list({ item: 'pin-actions', outcome: 'fail' }),
    'repositories that fell': list({ moved: 'down' }),
    scorecard: () => readScorecard(db, scope, name, now, undefined),
    'to do': () => readRemediation(db, scope, name),
    'what changed': () => readChanges(db, scope, name, null),
    checks: () => readCheckCounts(db, scope),
    'a check': () => Promise.all([readCheckCounts(db, scope), readFailing(db, scope, check)]),
    trends: () => readTrends(db, scope, {}, range),
    'trend of a check': () => readTrends(db, scope, { check }, range),
  }
}
