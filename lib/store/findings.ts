import type { ReportedFinding, ScanReport } from '../scan.ts'
import type { Session } from './database.ts'
import { type PlainRow, rowsJson, storable } from './text.ts'

type LaidFinding = ReportedFinding & { waiver: number | null }
type Report = Pick<ScanReport, 'couldNotRead'> & {
  checks: readonly (Pick<ScanReport['checks'][number], 'id' | 'outcome'> & { findings: readonly LaidFinding[] })[]
}
type Judged = { repositoryId: bigint; headOid: string; report: Report; now: Date }
type OpenRow = { id: bigint; repositoryId: bigint; checkId: string; fingerprint: string; path: string }
/** A patch with its diff may be large: so many findings at a time keep a statement's text bounded. */
const MOST_AT_ONCE = 2_000

/**
 * Moves the findings of repositories, each here once, to what their reports say: a new one gets a row, one that is still
 * there its place of now, one that vanished its date of fixing. Where a report could not look, nothing is known to be
 * fixed. At most four queries for two thousand findings.
 */
export async function saveFindings(tx: Session, judged: readonly Judged[]): Promise<void> {
  const ids = judged.map(({ repositoryId }) => repositoryId)
  const open = await tx.$queryRaw<OpenRow[]>`
    SELECT "id", "repositoryId", "checkId", "fingerprint", "path" FROM "Finding"
    WHERE "repositoryId" = ANY(${ids}::bigint[]) AND "fixedAt" IS NULL`
  const ofRepository = Map.groupBy(open, row => row.repositoryId)
  const fresh: PlainRow[] = []
  const still: PlainRow[] = []
  const fixed: PlainRow[] = []
  for (const one of judged) {
    const moved = moveOf(one, ofRepository.get(one.repositoryId) ?? [])
    for (const row of moved.fresh) fresh.push(row)
    for (const row of moved.still) still.push(row)
    for (const row of moved.fixed) fixed.push(row)
  }
  for (const part of parts(fresh)) {
    await tx.$executeRaw`
      INSERT INTO "Finding" ("repositoryId", "checkId", "fingerprint", "path", "startLine", "endLine", "excerpt", "message",
        "weight", "patch", "waiverId", "firstSeen", "firstCommit", "lastSeen")
      SELECT f."repositoryId", f."checkId", f."fingerprint", f."path", f."startLine", f."endLine", f."excerpt", f."message",
        f."weight", nullif(f."patch", 'null'), f."waiverId", f."at", f."commit", f."at"
      FROM jsonb_to_recordset(${rowsJson(part)}::jsonb) AS f("repositoryId" bigint, "checkId" text, "fingerprint" text,
        "path" text, "startLine" int, "endLine" int, "excerpt" text, "message" text, "weight" float, "patch" jsonb,
        "waiverId" int, "at" timestamptz, "commit" text)
      ON CONFLICT ("repositoryId", "checkId", "fingerprint") WHERE "fixedAt" IS NULL DO NOTHING`
  }
  for (const part of parts(still)) {
    await tx.$executeRaw`
      UPDATE "Finding" SET "lastSeen" = f."at", "path" = f."path", "startLine" = f."startLine", "endLine" = f."endLine",
        "excerpt" = f."excerpt", "message" = f."message", "weight" = f."weight", "patch" = nullif(f."patch", 'null'),
        "waiverId" = f."waiverId"
      FROM jsonb_to_recordset(${rowsJson(part)}::jsonb) AS f("id" bigint, "path" text, "startLine" int, "endLine" int,
        "excerpt" text, "message" text, "weight" float, "patch" jsonb, "waiverId" int, "at" timestamptz)
      WHERE "Finding"."id" = f."id"`
  }
  for (const part of parts(fixed)) {
    await tx.$executeRaw`
      UPDATE "Finding" SET "fixedAt" = f."at", "fixedCommit" = f."commit"
      FROM jsonb_to_recordset(${rowsJson(part)}::jsonb) AS f("id" bigint, "at" timestamptz, "commit" text)
      WHERE "Finding"."id" = f."id"`
  }
}

function moveOf({ repositoryId, headOid, report, now }: Judged, open: readonly OpenRow[]) {
  const openByKey = new Map(open.map(row => [keyOf(row.checkId, row.fingerprint), row]))
  const fresh: PlainRow[] = []
  const still: PlainRow[] = []
  for (const check of report.checks) {
    for (const finding of check.findings) {
      const key = keyOf(check.id, finding.fingerprint)
      const row = openByKey.get(key)
      openByKey.delete(key)
      const place = { ...placeOf(finding), at: now }
      if (row === undefined) fresh.push({ repositoryId, checkId: check.id, commit: headOid, ...place })
      else still.push({ id: row.id, ...place })
    }
  }
  const unseen = unseenBy(report)
  const gone = [...openByKey.values()].filter(row => !unseen(row))
  return { fresh, still, fixed: gone.map(({ id }) => ({ id, at: now, commit: headOid })) }
}

function parts<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / MOST_AT_ONCE)
  return Array.from({ length: count }, (_, index) => rows.slice(index * MOST_AT_ONCE, (index + 1) * MOST_AT_ONCE))
}

function keyOf(checkId: string, fingerprint: string): string {
  return `${checkId}\0${fingerprint}`
}

function placeOf({ fingerprint, evidence, message, weight, patch, diff, waiver }: LaidFinding) {
  const { path, startLine, endLine, excerpt } = evidence
  const kept = patch === undefined ? null : { ...patch, ...(diff === undefined ? {} : { diff }) }
  return { fingerprint, path, startLine, endLine, excerpt, message, weight, patch: kept, waiverId: waiver }
}

/** Whether the report says nothing of a finding: its check could not look, or its file could not be read. */
function unseenBy(report: Report): (row: OpenRow) => boolean {
  const blind = new Set(
    report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error').map(({ id }) => id),
  )
  const unread = new Set(report.couldNotRead.flatMap(({ path }) => (path === null ? [] : [storable(path)])))
  return ({ checkId, path }) => blind.has(checkId) || unread.has(path)
}
