import { inLane } from '#lib/github/lane.ts'
import type { JobName } from '#lib/queue/jobs.ts'
import type { Handler } from '#lib/queue/queue.ts'
import type { Context } from './context.ts'
import { crawlRepositories } from './crawl-repositories.ts'
import { discoverRepositories } from './discover-repositories.ts'
import { readSettings } from './read-settings.ts'
import { scanSnapshots } from './scan-snapshots.ts'
import { thinHistory } from './thin-history.ts'

type Handlers = { [Name in JobName]: Handler<Name> }

/** Job name → what runs it; the one place that knows every job. */
export function handlersOf(context: Context): Handlers {
  return {
    'discover-repositories': payload => discoverRepositories(context, payload),
    'crawl-repositories': payload => crawlRepositories(context, payload),
    'read-settings': payload => inLane('slow', () => readSettings(context, payload)),
    'thin-history': payload => thinHistory(context, payload),
    'scan-snapshots': payload => scanSnapshots(context, payload),
  }
}
