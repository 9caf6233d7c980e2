import type { Waiving } from '#components/waivers/words.ts'
import type { Place } from '#lib/api/frame.ts'
import {
  latestLastDay,
  type ManyAnswer,
  type ManyWaived,
  type WaiverAnswer,
  type WaiverDecision,
  type WaiverWish,
  type WaiverWishes,
  waiverDecision,
  waiverWish,
  waiverWishes,
} from '#lib/api/waivers.ts'
import { mayWith } from '#lib/auth/own.ts'
import { type Action, may, type Viewer } from '#lib/auth/permit.ts'
import { askForMany } from '#lib/auth/waive-many.ts'
import { askForWaiver, decideOnWaiver } from '#lib/auth/waivers.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import type { Database } from '#lib/store/database.ts'
import { house, knownViewer, orgFor, viewerFor } from '../door.ts'

/** Asks for a waiver; what cannot be done comes back as a sentence. */
export async function ask(wish: WaiverWish): Promise<WaiverAnswer> {
  'use server'
  const viewer = await viewerFor('waiver:ask')
  return answered(viewer, async (db, orgId, now) => {
    const parsed = waiverWish.safeParse(wish)
    if (!parsed.success) throw new AppError('invalid-input', parsed.error.issues[0]?.message ?? 'It cannot be used.')
    await askForWaiver(db, viewer, orgId, parsed.data, now)
  })
}

/** Asks for one check in many repositories; how each fared comes back. */
export async function askMany(wishes: WaiverWishes): Promise<ManyAnswer> {
  'use server'
  const viewer = await viewerFor('waiver:ask')
  let told: ManyWaived = { saved: [], refused: [] }
  const { refused: problem } = await answered(viewer, async (db, orgId, now) => {
    const parsed = waiverWishes.safeParse(wishes)
    if (!parsed.success) throw new AppError('invalid-input', parsed.error.issues[0]?.message ?? 'It cannot be used.')
    told = await askForMany(db, viewer, orgId, parsed.data, now)
  })
  return problem === null ? told : { problem }
}

/** Grants, refuses, renews, revokes or withdraws. */
export async function decide(decision: WaiverDecision): Promise<WaiverAnswer> {
  'use server'
  const viewer = await viewerFor('waiver:ask')
  return answered(viewer, async (db, orgId, now) => {
    const parsed = waiverDecision.safeParse(decision)
    if (!parsed.success) throw new AppError('invalid-input', parsed.error.issues[0]?.message ?? 'It cannot be used.')
    await decideOnWaiver(db, viewer, orgId, parsed.data, now)
  })
}

async function answered(
  viewer: Viewer,
  run: (db: Database, orgId: number, now: Date) => Promise<void>,
): Promise<WaiverAnswer> {
  try {
    await run(house().db, await orgFor(viewer), new Date())
    return { refused: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: sentenceOf(error) }
  }
}

/** What the visitor of this page may do about waivers, of this repository (null: of any), which last so many days at most. */
export async function waivingOf(
  frame: Place,
  { name, longestDays }: { name: string | null; longestDays: number },
  now: Date,
): Promise<Waiving> {
  const viewer = await knownViewer()
  const isOwn = name === null || (await mayDo('waiver:ask', frame, name))
  const byRole = viewer === null ? null : rightOf(viewer)
  return {
    may: isOwn ? byRole : null,
    whyNot: whyNot(frame, byRole),
    viewer: viewer?.id ?? '',
    latest: latestLastDay(now, longestDays),
    today: now.toISOString().slice(0, 10),
  }
}

/** Whether the visitor of this page may do this with a repository that is shown to them. */
export async function mayDo(action: Action, { scope }: Place, name: string): Promise<boolean> {
  const viewer = await knownViewer()
  return viewer !== null && (await mayWith(house().db, viewer, action, { orgId: scope.orgId, name }))
}

function whyNot({ demo }: Place, byRole: Waiving['may']): string {
  if (demo) return 'The demo is the same for everybody, so nothing is changed in it.'
  if (byRole === null) return 'Your role does not ask for waivers: a maintainer, the security team or an owner does.'
  return 'GitHub does not let you write to this repository: whoever maintains it asks.'
}

function rightOf(viewer: Viewer): Waiving['may'] {
  if (may(viewer, 'waiver:decide')) return 'decide'
  return may(viewer, 'waiver:ask') ? 'ask' : null
}
