/** Who has a repository looked at now: within bounds, so that nobody uses up what GitHub allows for all. */
import { AppError } from '../errors.ts'
import { appendAudit, countActs } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { openLook } from '../store/looks.ts'
import { actedBy, may, type Viewer } from './permit.ts'

/** A look is about ten requests, and what is kept for people who wait is a fifth of an hour's. */
const MOST = [
  { looks: 5, within: 60_000, words: 'a minute' },
  { looks: 40, within: 3_600_000, words: 'an hour' },
]

/**
 * Asks for a look at a repository; while one is under way it is the one. Throws AppError `forbidden`, `not-found` where the
 * viewer sees no such repository, `rate-limited`.
 */
export async function askForLook(
  db: Database,
  viewer: Viewer,
  { orgId, name }: { orgId: number; name: string },
  now: Date,
): Promise<void> {
  if (!may(viewer, 'crawl:start'))
    throw new AppError(
      'forbidden',
      'Your role does not ask for looks.',
      'A maintainer, the security team or an owner does.',
    )
  await inTransaction(db, async tx => {
    const look = await openLook(tx, { orgId, sees: viewer.sees }, name, now)
    if (look === null) throw new AppError('not-found', `There is no repository ${name}.`)
    if (!look.isNew) return
    const action = 'crawl.asked'
    await appendAudit(tx, { ...actedBy(viewer, now), action, resource: `repository:${name}`, details: {} })
    for (const { looks, within, words } of MOST) {
      // The log's writers come one after the other, so that this counts exactly; refused, nothing of it is kept.
      const asked = await countActs(tx, { actor: viewer.id, action, since: new Date(+now - within) })
      if (asked > looks)
        throw new AppError(
          'rate-limited',
          `You asked for ${looks} looks within ${words}.`,
          'Wait a little, then ask again.',
        )
    }
  })
}
