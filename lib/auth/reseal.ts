/** A new secret takes over: what an older one encrypted is encrypted anew, so that the older one can be dropped. */
import type { Database } from '../store/database.ts'
import { replaceTokens, sealedTokens } from '../store/people.ts'
import { openToken, sealToken } from './sign-in.ts'

const FIELDS = ['accessToken', 'refreshToken'] as const

/** `lost`: tokens that none of the secrets opens; they are forgotten, and their people sign in again. */
export async function resealTokens(
  db: Database,
  secrets: readonly [string, ...string[]],
): Promise<{ resealed: number; lost: number }> {
  let resealed = 0
  let lost = 0
  for (const account of await sealedTokens(db)) {
    const anew: Record<string, string | null> = {}
    for (const field of FIELDS) {
      const sealed = account[field]
      if (sealed === null) continue
      const open = await openToken(sealed, { secrets }).catch(() => null)
      anew[field] = open === null ? null : await sealToken(open, { secrets })
      if (open === null) lost += 1
      else resealed += 1
    }
    await replaceTokens(db, account.id, anew)
  }
  return { resealed, lost }
}
