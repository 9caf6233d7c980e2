import type { SaveAnswer, TryAnswer } from '#lib/api/policy.ts'
import { askForTrial, savePolicy } from '#lib/auth/policy.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { readPolicy } from '#lib/policy/read-policy.ts'
import { newestOrg } from '#lib/store/orgs.ts'
import { house, viewerFor } from '../door.ts'

export const CHECK_IDS: readonly string[] = CHECKS.map(({ id }) => id)

/** Reads a text and has it tried; what is wrong with it comes back by line. */
export async function tryText(text: string): Promise<TryAnswer> {
  'use server'
  const viewer = await viewerFor('policy:change')
  const read = readPolicy(String(text), CHECK_IDS)
  if ('problems' in read) return read
  const { db } = house()
  try {
    return { trial: await askForTrial(db, viewer, await orgId(), String(text), new Date()) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: sentenceOf(error) }
  }
}

/** Saves what was tried as the next version. */
export async function saveTried(trialId: number, note: string): Promise<SaveAnswer> {
  'use server'
  const viewer = await viewerFor('policy:change')
  try {
    const wish = { orgId: await orgId(), trialId: Number(trialId), note: String(note).trim().slice(0, 500) }
    await savePolicy(house().db, viewer, wish, new Date())
    return { refused: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: sentenceOf(error) }
  }
}

async function orgId(): Promise<number> {
  const id = await newestOrg(house().db)
  if (id === null) throw new AppError('not-found', 'Nothing has been crawled yet.')
  return id
}
