/** Who takes the fixes of a repository as a file; each is in the audit log. */
import type { PatchQuery } from '../api/patches.ts'
import { AppError } from '../errors.ts'
import { audit } from '../store/audit.ts'
import type { Database } from '../store/database.ts'
import { readPatch } from '../store/pages/patches.ts'
import { refuseUnlessOwn } from './own.ts'
import { actedBy, type Viewer } from './permit.ts'

/** Throws AppError `not-found` where there is none, or none that is shown; `forbidden`. */
export async function takeFixes(
  db: Database,
  viewer: Viewer,
  { orgId, org, name, query }: { orgId: number; org: string; name: string; query: PatchQuery },
  now: Date,
): Promise<{ diff: string; commit: string }> {
  const patch = await readPatch(db, { orgId, sees: viewer.sees }, name, query)
  if (patch === null) throw new AppError('not-found', 'No open finding of that repository comes with such a fix.')
  await refuseUnlessOwn(db, viewer, 'fix:take', { orgId, name })
  await audit(db, {
    ...actedBy(viewer, now),
    action: 'fix.downloaded',
    resource: `repository:${org}/${name}`,
    details: { check: query.check ?? 'all', safe: query.safe === true, commit: patch.commit },
  })
  return patch
}
