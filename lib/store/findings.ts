import type { ReportedFinding, ScanReport } from '../scan.ts'
import type { Session } from './database.ts'
import { rowsJson, storable } from './text.ts'

type Judged = { repositoryId: bigint; headOid: string; report: ScanReport; now: Date }
type OpenRow = { id: bigint; checkId: string; fingerprint: string; path: string }

/**
 * Moves the repository's findings to what the report says: a new one gets a row, one that is still there its place of
 * now, one that vanished its date of fixing. Where the report could not look, nothing is known to be fixed. At most four queries.
 */
export async function saveFindings(tx: Session, { repositoryId, headOid, report, now }: Judged): Promise<void> {
  const open = await tx.$queryRaw<OpenRow[]>`
    SELECT "id", "checkId", "fingerprint", "path" FROM "Finding"
    WHERE "repositoryId" = ${repositoryId} AND "fixedAt" IS NULL`
  const openByKey = new Map(open.map(row => [keyOf(row.checkId, row.fingerprint), row]))
  const fresh: object[] = []
  const still: object[] = []
  for (const check of report.checks) {
    for (const finding of check.findings) {
      const key = keyOf(check.id, finding.fingerprint)
      const row = openByKey.get(key)
      openByKey.delete(key)
      if (row === undefined) fresh.push({ checkId: check.id, ...placeOf(finding) })
      else still.push({ id: row.id, ...placeOf(finding) })
    }
  }
  const unseen = unseenBy(report)
  const fixed = [...openByKey.values()].filter(row => !unseen(row)).map(row => row.id)
  if (fresh.length > 0) {
    await tx.$executeRaw`
      INSERT INTO "Finding" ("repositoryId", "checkId", "fingerprint", "path", "startLine", "endLine", "excerpt", "message",
        "weight", "patch", "firstSeen", "firstCommit", "lastSeen")
      SELECT ${repositoryId}::bigint, f."checkId", f."fingerprint", f."path", f."startLine", f."endLine", f."excerpt", f."message",
        f."weight", f."patch", ${now}::timestamptz, ${headOid}, ${now}::timestamptz
      FROM jsonb_to_recordset(${rowsJson(fresh)}::jsonb) AS f("checkId" text, "fingerprint" text, "path" text,
        "startLine" int, "endLine" int, "excerpt" text, "message" text, "weight" float, "patch" jsonb)
      ON CONFLICT ("repositoryId", "checkId", "fingerprint") WHERE "fixedAt" IS NULL DO NOTHING`
  }
  if (still.length > 0) {
    await tx.$executeRaw`
      UPDATE "Finding" SET "lastSeen" = ${now}::timestamptz, "path" = f."path", "startLine" = f."startLine", "endLine" = f."endLine",
        "excerpt" = f."excerpt", "message" = f."message", "weight" = f."weight", "patch" = f."patch"
      FROM jsonb_to_recordset(${rowsJson(still)}::jsonb) AS f("id" bigint, "path" text, "startLine" int, "endLine" int,
        "excerpt" text, "message" text, "weight" float, "patch" jsonb)
      WHERE "Finding"."id" = f."id"`
  }
  if (fixed.length > 0) {
    await tx.$executeRaw`
      UPDATE "Finding" SET "fixedAt" = ${now}::timestamptz, "fixedCommit" = ${headOid} WHERE "id" = ANY(${fixed}::bigint[])`
  }
}

function keyOf(checkId: string, fingerprint: string): string {
  return `${checkId}\0${fingerprint}`
}

function placeOf({ fingerprint, evidence, message, weight, patch, diff }: ReportedFinding) {
  const { path, startLine, endLine, excerpt } = evidence
  const kept = patch === undefined ? null : { ...patch, ...(diff === undefined ? {} : { diff }) }
  return { fingerprint, path, startLine, endLine, excerpt, message, weight, patch: kept }
}

/** Whether the report says nothing of a finding: its check could not look, or its file could not be read. */
function unseenBy(report: ScanReport): (row: OpenRow) => boolean {
  const blind = new Set(
    report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error').map(({ id }) => id),
  )
  const unread = new Set(report.couldNotRead.flatMap(({ path }) => (path === null ? [] : [storable(path)])))
  return ({ checkId, path }) => blind.has(checkId) || unread.has(path)
}
