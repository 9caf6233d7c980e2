import type { PolicyRefusal, SaveAnswer, TryAnswer } from '#lib/api/policy.ts'
import { askForTrial, savePolicy } from '#lib/auth/policy.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { readPolicy } from '#lib/policy/read-policy.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { house, orgFor, viewerFor } from '../door.ts'

export const CHECK_IDS: readonly string[] = CHECKS.map(({ id }) => id)

/** Reads a text that was made from version `basedOn` and has it tried; what is wrong with it comes back by line. */
export async function tryText(text: string, basedOn: number): Promise<TryAnswer> {
  'use server'
  const viewer = await viewerFor('policy:change')
  const read = readPolicy(String(text), CHECK_IDS)
  if ('problems' in read) return { problems: read.problems.map(({ line, sentence }) => ({ line, sentence })) }
  const { db } = house()
  const wish = { orgId: await orgFor(viewer), text: String(text), basedOn: Number(basedOn) }
  return orRefusal(wish, async () => ({ trial: await askForTrial(db, viewer, wish, new Date()) }))
}

/** Saves what was tried as the next version. */
export async function saveTried(trialId: number, note: string, basedOn: number): Promise<SaveAnswer> {
  'use server'
  const viewer = await viewerFor('policy:change')
  const wish = { orgId: await orgFor(viewer), trialId: Number(trialId), note: String(note).trim().slice(0, 500) }
  return orRefusal({ ...wish, basedOn: Number(basedOn) }, async () => {
    await savePolicy(house().db, viewer, wish, new Date())
    return { saved: true }
  })
}

async function orRefusal<T>(
  { orgId, basedOn }: { orgId: number; basedOn: number },
  run: () => Promise<T>,
): Promise<T | PolicyRefusal> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { number } = await currentPolicy(house().db, orgId)
    return { refused: sentenceOf(error), newest: number === basedOn ? null : number }
  }
}
