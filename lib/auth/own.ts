/** What a viewer may do with one repository, of which it is known that they see it. */
import { AppError } from '../errors.ts'
import type { Session } from '../store/database.ts'
import { writesTo } from '../store/people.ts'
import { type Action, isOfOnesOwn, may, type Viewer } from './permit.ts'

type Repository = { orgId: number; name: string }

/** Asks the store only where it depends on what GitHub lets the person do. */
export async function mayWith(db: Session, viewer: Viewer, action: Action, repository: Repository): Promise<boolean> {
  const own = isOfOnesOwn(viewer.role, action) && (await writesTo(db, viewer.id, repository))
  return may(viewer, action, { visible: true, own })
}

/** Throws AppError `forbidden`. */
export async function refuseUnlessOwn(
  db: Session,
  viewer: Viewer,
  action: Action,
  repository: Repository,
): Promise<void> {
  if (await mayWith(db, viewer, action, repository)) return
  throw may(viewer, action)
    ? new AppError(
        'forbidden',
        'GitHub does not let you write to this repository.',
        'Whoever maintains it may do that.',
      )
    : new AppError('forbidden', 'Your role, or this key, does not allow it.')
}
