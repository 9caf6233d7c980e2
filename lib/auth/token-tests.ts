/** Who has the tokens tested: each right is tried at GitHub, which is seen there, and stands in the audit log here. */
import { AppError } from '../errors.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { openTests } from '../store/token-tests.ts'
import { actedBy, may, type Viewer } from './permit.ts'

/** Asks for a test of each organisation's token; one that is waited for is the one. Throws AppError `forbidden`. */
export async function askForTests(db: Database, viewer: Viewer, now: Date): Promise<void> {
  if (!may(viewer, 'settings:change')) throw new AppError('forbidden', 'Only an owner has the token tested.')
  await inTransaction(db, async tx => {
    for (const login of await openTests(tx, now))
      await appendAudit(tx, { ...actedBy(viewer, now), action: 'token.tested', resource: `org:${login}`, details: {} })
  })
}
