import type { Capability } from '../crawl/source.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/** Remembers what the token may see now; what it could before and was not tried again stays. One query. */
export async function saveCapabilities(
  db: Database,
  orgId: number,
  capabilities: readonly Capability[],
  now: Date,
): Promise<void> {
  if (capabilities.length === 0) return
  const rows = [...capabilities].sort((a, b) => (a.name < b.name ? -1 : 1))
  await db.$executeRaw`
    INSERT INTO "Capability" ("orgId", "name", "state", "reason", "checkedAt")
    SELECT ${orgId}::int, c."name", c."state", c."reason", ${now}::timestamptz
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS c("name" text, "state" text, "reason" text)
    ON CONFLICT ("orgId", "name") DO UPDATE SET "state" = EXCLUDED."state", "reason" = EXCLUDED."reason",
      "checkedAt" = EXCLUDED."checkedAt"`
}
