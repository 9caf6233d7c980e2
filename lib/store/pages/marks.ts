import { createHash } from 'node:crypto'
import { NOTHING_YET } from '../../api/crawls.ts'
import type { Marks } from '../../api/events.ts'
import type { Scope, Sees } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { listLooks } from '../looks.ts'
import { orgShown } from '../orgs.ts'
import { readCrawling } from './crawling.ts'
import { readProgress } from './crawls.ts'

/**
 * Marks of what open pages ask for, as this asker sees it: what happens to a hidden repository changes none of them, so
 * that not even the moment of it is told. Twelve small queries at most.
 */
export async function readMarks(
  db: Database,
  { sees, asked }: { sees: Sees; asked: string | null },
  now: Date,
): Promise<Marks> {
  const orgId = await orgShown(db, { sees, asked })
  if (orgId === null) return { progress: markOf(NOTHING_YET), crawling: '', look: '' }
  const scope: Scope = { orgId, sees }
  const progress = await readProgress(db, scope)
  const { at: _, ...crawling } = await readCrawling(db, scope, now)
  const looks = await listLooks(db, scope, now)
  // How long a look waits is told by the budgets.
  const waits = crawling.budgets.map(({ remaining, pausedUntil }) => [remaining <= 0, pausedUntil])
  return {
    progress: markOf(progress),
    crawling: markOf(crawling),
    look: markOf(looks.length === 0 ? [] : [looks, waits]),
  }
}

function markOf(answer: unknown): string {
  return createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 16)
}
