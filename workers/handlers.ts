import { sentenceOf } from '#lib/errors.ts'
import { inLane } from '#lib/github/lane.ts'
import type { JobName } from '#lib/queue/jobs.ts'
import type { Handler } from '#lib/queue/queue.ts'
import { databaseRefusal } from '#lib/store/database.ts'
import type { Context } from './context.ts'
import { crawlRepositories } from './crawl-repositories.ts'
import { discoverRepositories } from './discover-repositories.ts'
import { lookAgain } from './look-again.ts'
import { readOrganisation } from './read-organisation.ts'
import { readSettings } from './read-settings.ts'
import { scanSnapshots } from './scan-snapshots.ts'
import { testToken } from './test-token.ts'
import { thinHistory } from './thin-history.ts'
import { tryPolicy } from './try-policy.ts'

type Handlers = { [Name in JobName]: Handler<Name> }

/** How many of each run side by side: while the judges judge some, others are fetched and kept. */
export const AT_ONCE: Record<JobName, number> = {
  'discover-repositories': 1,
  'crawl-repositories': 1,
  'look-again': 1,
  'read-organisation': 1,
  'read-settings': 1,
  'test-token': 1,
  'scan-snapshots': 3,
  'thin-history': 1,
  'try-policy': 1,
}

/** Job name → what runs it; the one place that knows every job. */
export function handlersOf(context: Context): Handlers {
  return {
    'discover-repositories': payload => told(context, () => discoverRepositories(context, payload)),
    'crawl-repositories': payload => told(context, () => crawlRepositories(context, payload)),
    'look-again': payload => told(context, () => inLane('interactive', () => lookAgain(context, payload))),
    'read-organisation': payload => told(context, () => readOrganisation(context, payload)),
    'read-settings': payload => told(context, () => inLane('slow', () => readSettings(context, payload))),
    'test-token': payload => told(context, () => inLane('interactive', () => testToken(context, payload))),
    'thin-history': payload => told(context, () => thinHistory(context, payload)),
    'scan-snapshots': payload => told(context, () => scanSnapshots(context, payload)),
    'try-policy': payload => told(context, () => tryPolicy(context, payload)),
  }
}

/** A database that is full or gone is told as that. The job failed all the same: the queue tries it again. */
async function told({ db, log }: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const refusal = databaseRefusal(db, error)
    if (refusal === null) throw error
    log.error({ code: refusal.code }, sentenceOf(refusal))
    throw refusal
  }
}
