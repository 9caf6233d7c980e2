import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import type { Action, Viewer } from '#lib/auth/permit.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import type { Database } from '#lib/store/database.ts'
import { house, viewerFor } from './door.ts'

/**
 * Every server action's way in: for a viewer who may, then back to the page it came from. A refusal comes back as the
 * page's `refused`, in words; a bug is thrown on to the server's log.
 */
export async function act(
  action: Action,
  page: string,
  run: (db: Database, viewer: Viewer, now: Date) => Promise<void>,
): Promise<void> {
  const viewer = await viewerFor(action)
  let back = page
  try {
    await run(house().db, viewer, new Date())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    back = `${page}?refused=${encodeURIComponent(sentenceOf(error))}`
  }
  revalidatePath(page)
  redirect(back)
}
