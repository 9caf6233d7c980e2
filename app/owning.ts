import type { RepositoriesAsk, RepositoriesQuery } from '#lib/api/repositories.ts'
import type { Viewer } from '#lib/auth/permit.ts'
import type { Database } from '#lib/store/database.ts'
import { ownNames } from '#lib/store/owners.ts'

/** By what names the viewer owns repositories; null where that is nobody who signed in, or nobody whom GitHub knows. */
export async function ownNamesOf(db: Database, viewer: Viewer | null, orgId: number): Promise<string[] | null> {
  if (viewer === null || viewer.via === 'local') return null
  const names = await ownNames(db, viewer.id, orgId)
  return names === null || names.length === 0 ? null : names
}

/** The question with what "mine" means to who asks. */
export function askedBy<Query extends RepositoriesQuery>(query: Query, own: string[] | null): Query & RepositoriesAsk {
  return own === null ? query : { ...query, own }
}
