import type { ResolvedRef } from '../snapshot/snapshot.ts'
import type { Database } from './database.ts'

type AskedRef = ResolvedRef | null

/** What these refs (`owner/repo@ref`) pointed to when asked, null: nothing; absent: not asked since `since`. One query. */
export async function knownRefs(db: Database, ids: readonly string[], since: Date): Promise<Map<string, AskedRef>> {
  const rows = await db.$queryRaw<{ id: string; commit: string | null; version: string | null }[]>`
    SELECT "id", "commit", "version" FROM "ActionRef" WHERE "id" = ANY(${ids}::text[]) AND "checkedAt" >= ${since}::timestamptz`
  return new Map(rows.map(({ id, commit, version }) => [id, commit === null ? null : { commit, version }]))
}

/** Remembers what refs point to now. One query. */
export async function saveRefs(db: Database, refs: ReadonlyMap<string, AskedRef>, now: Date): Promise<void> {
  const rows = [...refs].sort(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify(
    rows.map(([id, ref]) => ({ id, commit: ref?.commit ?? null, version: ref?.version ?? null })),
  )
  await db.$executeRaw`
    INSERT INTO "ActionRef" ("id", "commit", "version", "checkedAt")
    SELECT r."id", r."commit", r."version", ${now}::timestamptz
    FROM jsonb_to_recordset(${text}::jsonb) AS r("id" text, "commit" text, "version" text)
    ON CONFLICT ("id") DO UPDATE SET "commit" = EXCLUDED."commit", "version" = EXCLUDED."version",
      "checkedAt" = EXCLUDED."checkedAt"`
}
