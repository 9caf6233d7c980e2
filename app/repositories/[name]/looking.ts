import type { Place } from '#lib/api/frame.ts'
import type { AskedLook } from '#lib/api/looks.ts'
import { askForLook } from '#lib/auth/looks.ts'
import { may } from '#lib/auth/permit.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { house, knownViewer, orgFor, viewerFor } from '../../door.ts'

/** Has a repository looked at now; what cannot be done comes back as a sentence. */
export async function lookNow(name: string): Promise<AskedLook> {
  'use server'
  const viewer = await viewerFor('crawl:start')
  const { db } = house()
  try {
    await askForLook(db, viewer, { orgId: await orgFor(viewer), name: String(name) }, new Date())
    return { refused: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: sentenceOf(error) }
  }
}

/** Why the visitor of this page may not ask for a look; null where they may. */
export async function whyNoLook({ demo }: Place): Promise<string | null> {
  if (demo) return 'The demo is the same for everybody; its worker looks by itself.'
  const viewer = await knownViewer()
  if (viewer !== null && may(viewer, 'crawl:start')) return null
  return 'Your role does not ask for looks: a maintainer, the security team or an owner does.'
}
