import type { Database, Session } from './database.ts'

/** A setting as it is kept: `value` is encrypted, always. */
export type StoredSetting = { name: string; value: string; setAt: Date; setBy: string }

export async function listSettings(db: Session): Promise<StoredSetting[]> {
  return db.storedSetting.findMany({ orderBy: { name: 'asc' } })
}

export async function saveSetting(tx: Session, setting: StoredSetting): Promise<void> {
  const { name, ...data } = setting
  await tx.storedSetting.upsert({ where: { name }, create: setting, update: data })
}

/** How many of these were kept and are no more. */
export async function removeSettings(tx: Session, names: readonly string[]): Promise<number> {
  return (await tx.storedSetting.deleteMany({ where: { name: { in: [...names] } } })).count
}

/** Changes whenever a setting is set or removed. */
export async function settingsMark(db: Database): Promise<string> {
  const kept = await db.storedSetting.findMany({ select: { name: true, setAt: true }, orderBy: { name: 'asc' } })
  return kept.map(({ name, setAt }) => `${name} ${setAt.getTime()}`).join('\n')
}
