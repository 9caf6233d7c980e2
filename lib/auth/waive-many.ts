/** One wish for many repositories: each is a waiver of its own, saved or refused by itself. */
import type { ManyWaived, WaiverWishes } from '../api/waivers.ts'
import { AppError, sentenceOf } from '../errors.ts'
import type { Database } from '../store/database.ts'
import { failingAmong } from '../store/waivers.ts'
import { may, type Viewer } from './permit.ts'
import { askForWaiver } from './waivers.ts'

/**
 * Asks for a waiver of one check in each repository, as `askForWaiver` does for one; where the check does not fail there is
 * nothing to waive. What one of them refuses stops none of the others. Throws AppError where the viewer may not ask at all.
 */
export async function askForMany(
  db: Database,
  viewer: Viewer,
  orgId: number,
  { repositories, checkId, ...rest }: WaiverWishes,
  now: Date,
): Promise<ManyWaived> {
  if (!may(viewer, 'waiver:ask')) throw new AppError('forbidden', 'Your role does not ask for waivers.')
  const failing = await failingAmong(db, { orgId, sees: viewer.sees }, repositories, checkId)
  const told: ManyWaived = { saved: [], refused: [] }
  for (const repository of new Set(repositories)) {
    if (!failing.has(repository)) {
      told.refused.push({ repository, why: 'The check does not fail there.' })
      continue
    }
    try {
      await askForWaiver(db, viewer, orgId, { repository, target: { scope: 'check', checkId }, ...rest }, now)
      told.saved.push(repository)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      told.refused.push({ repository, why: sentenceOf(error) })
    }
  }
  return told
}
