/** A new secret takes over: what an older one encrypted is encrypted anew, so that the older one can be dropped. */
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction, type Session } from '../store/database.ts'
import { replaceTokens, sealedTokens } from '../store/people.ts'
import { listSettings, removeSettings, saveSetting } from '../store/stored-settings.ts'
import { openToken, sealedBy, sealToken } from './sealing.ts'

type Secrets = readonly [string, ...string[]]
/**
 * `resealed`: were sealed by an older secret; `current`: by the newest already. `foreign`: by a secret that is not given,
 * kept as they are, or forgotten where that was asked for. `broken`: were cut or changed; forgotten.
 */
export type Resealed = { resealed: number; current: number; foreign: number; broken: number }

/** All of it, or nothing where it fails midway. The audit log says how much. */
export async function reseal(
  db: Database,
  secrets: Secrets,
  { now, forgetForeign = false }: { now: Date; forgetForeign?: boolean },
): Promise<Resealed> {
  return inTransaction(db, async tx => {
    const count: Resealed = { resealed: 0, current: 0, foreign: 0, broken: 0 }
    const anew = async (sealed: string): Promise<string | null> => {
      const by = await sealedBy(sealed, { secrets })
      count[by === 'older' ? 'resealed' : by === 'newest' ? 'current' : by] += 1
      if (by === 'older') return sealToken(await openToken(sealed, { secrets }), { secrets })
      return by === 'newest' || (by === 'foreign' && !forgetForeign) ? sealed : null
    }
    await ofPeople(tx, anew)
    await ofSettings(tx, anew)
    await appendAudit(tx, {
      at: now,
      actor: 'system',
      name: 'Plumbline',
      action: 'secret.resealed',
      resource: 'secrets',
      address: null,
      details: { ...count, forgotten: count.broken + (forgetForeign ? count.foreign : 0) },
    })
    return count
  })
}

type Anew = (sealed: string) => Promise<string | null>

async function ofPeople(tx: Session, anew: Anew): Promise<void> {
  for (const { id, accessToken, refreshToken } of await sealedTokens(tx)) {
    const tokens = {
      accessToken: accessToken === null ? null : await anew(accessToken),
      refreshToken: refreshToken === null ? null : await anew(refreshToken),
    }
    await replaceTokens(tx, id, tokens)
  }
}

async function ofSettings(tx: Session, anew: Anew): Promise<void> {
  for (const setting of await listSettings(tx)) {
    const value = await anew(setting.value)
    if (value === null) await removeSettings(tx, [setting.name])
    else if (value !== setting.value) await saveSetting(tx, { ...setting, value })
  }
}
