import type { ScanReport } from '../scan.ts'
import type { Database, Session } from './database.ts'
import { saveFindings } from './findings.ts'
import { rowsJson } from './text.ts'

export type ScanToSave = {
  repositoryId: bigint
  snapshotId: number
  headOid: string
  report: ScanReport
  checklistVersion: string
  policyHash: string
  now: Date
}

/**
 * Keeps scans with their results and moves the repositories' findings, in one transaction: everybody sees all of it or
 * nothing. The same (snapshot, checklist, policy) saved again changes nothing. A scan becomes its repository's latest, and
 * its findings the open ones, unless a newer snapshot was scanned before. Gives them in the order of their snapshots.
 */
export async function saveScans(db: Database, scans: readonly ScanToSave[]): Promise<SavedScan[]> {
  const sorted = [...scans].sort((a, b) => a.snapshotId - b.snapshotId)
  // Two scans of one repository come one after the other: the later finds what the earlier left.
  const rounds: ScanToSave[][] = []
  const seen = new Map<bigint, number>()
  for (const scan of sorted) {
    const round = seen.get(scan.repositoryId) ?? 0
    seen.set(scan.repositoryId, round + 1)
    rounds[round] = [...(rounds[round] ?? []), scan]
  }
  const saved: SavedScan[] = []
  await db.$transaction(async tx => {
    for (const round of rounds) for (const one of await saveRound(tx, round)) saved.push(one)
  })
  return saved.sort((a, b) => a.snapshotId - b.snapshotId)
}

/** `isNew` false: it was there already. */
export type SavedScan = { snapshotId: number; scanId: number; isNew: boolean }

async function saveRound(tx: Session, scans: readonly ScanToSave[]): Promise<SavedScan[]> {
  const repositories = scans.map(({ repositoryId }) => repositoryId)
  // The repositories' rows are the locks, taken in order: two scans of one repository come one after the other.
  const locked = await tx.$queryRaw<{ id: bigint; latestSnapshot: number | null }[]>`
    SELECT r."id", s."snapshotId" AS "latestSnapshot" FROM "Repository" r LEFT JOIN "Scan" s ON s."id" = r."latestScanId"
    WHERE r."id" = ANY(${repositories}::bigint[]) ORDER BY r."id" FOR UPDATE OF r`
  const latest = new Map(locked.map(({ id, latestSnapshot }) => [id, latestSnapshot ?? 0]))
  const written = await tx.$queryRaw<{ id: number; snapshotId: number; isNew: boolean }[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${rowsJson(scans.map(scanRow))}::jsonb) AS s("repositoryId" bigint, "snapshotId" int,
        "scannedAt" timestamptz, "checklistVersion" text, "policyHash" text, "score" float, "grade" text, "itemsMet" int,
        "itemsApplied" int, "hardening" float, "openFindings" int, "items" jsonb, "leftOut" jsonb, "couldNotRead" jsonb)
    ), written AS (
      INSERT INTO "Scan" ("repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", "score", "grade",
        "itemsMet", "itemsApplied", "hardening", "openFindings", "items", "leftOut", "couldNotRead")
      SELECT "repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", "score", "grade", "itemsMet",
        "itemsApplied", "hardening", "openFindings", "items", "leftOut", "couldNotRead" FROM given ORDER BY "snapshotId"
      ON CONFLICT ("snapshotId", "checklistVersion", "policyHash") DO NOTHING
      RETURNING "id", "snapshotId"
    )
    SELECT "id", "snapshotId", true AS "isNew" FROM written
    UNION ALL
    SELECT s."id", s."snapshotId", false FROM given g
    JOIN "Scan" s USING ("snapshotId", "checklistVersion", "policyHash")`
  const bySnapshot = new Map(written.map(row => [row.snapshotId, row]))
  const fresh = scans.flatMap(scan => {
    const row = bySnapshot.get(scan.snapshotId)
    return row?.isNew ? [{ ...scan, scanId: row.id }] : []
  })
  if (fresh.length > 0) await saveResults(tx, fresh)
  const current = fresh.filter(scan => scan.snapshotId >= (latest.get(scan.repositoryId) ?? 0))
  if (current.length > 0) {
    await saveFindings(tx, current)
    const moved = rowsJson(current.map(({ repositoryId, scanId }) => ({ repositoryId, scanId })))
    await tx.$executeRaw`
      UPDATE "Repository" r SET "latestScanId" = m."scanId"
      FROM jsonb_to_recordset(${moved}::jsonb) AS m("repositoryId" bigint, "scanId" int) WHERE r."id" = m."repositoryId"`
  }
  return written.map(({ id, snapshotId, isNew }) => ({ snapshotId, scanId: id, isNew }))
}

function scanRow({ repositoryId, snapshotId, now, checklistVersion, policyHash, report }: ScanToSave) {
  const { score, grade, itemsMet, itemsApplied, hardening, items, leftOut, couldNotRead } = report
  const openFindings = report.checks.reduce((sum, check) => sum + check.findings.length, 0)
  return {
    ...{ repositoryId, snapshotId, scannedAt: now, checklistVersion, policyHash, score, grade, itemsMet, itemsApplied },
    ...{ hardening, openFindings, items, leftOut, couldNotRead },
  }
}

async function saveResults(tx: Session, scans: readonly (ScanToSave & { scanId: number })[]): Promise<void> {
  const rows = scans.flatMap(({ scanId, report }) => report.checks.map(check => resultRow(scanId, check)))
  await tx.$executeRaw`
    INSERT INTO "CheckResult" ("scanId", "checkId", "item", "version", "outcome", "reason", "examined", "failing", "value",
      "notes")
    SELECT r."scanId", r."checkId", r."item", r."version", r."outcome", r."reason", r."examined", r."failing", r."value",
      r."notes"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("scanId" int, "checkId" text, "item" text, "version" int,
      "outcome" text, "reason" text, "examined" int, "failing" int, "value" float, "notes" text[])`
}

function resultRow(scanId: number, check: ScanReport['checks'][number]) {
  const { id: checkId, item, version, outcome, reason, examined, value, findings, notes } = check
  return { scanId, checkId, item, version, outcome, reason, examined, failing: findings.length, value, notes }
}

/** Those of the snapshots that were not scanned with this checklist and policy. One query. */
export async function unscanned(
  db: Database,
  scan: { snapshotIds: readonly number[]; checklistVersion: string; policyHash: string },
): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT s."id" FROM unnest(${scan.snapshotIds}::int[]) AS s("id") WHERE NOT EXISTS (
      SELECT 1 FROM "Scan" WHERE "snapshotId" = s."id" AND "checklistVersion" = ${scan.checklistVersion}
        AND "policyHash" = ${scan.policyHash})
    ORDER BY s."id"`
  return rows.map(row => row.id)
}

/** The newest snapshot of every repository that has not been scanned with this checklist and policy. One query. */
export async function unscannedSnapshots(
  db: Database,
  scan: { orgId: number; checklistVersion: string; policyHash: string },
): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    SELECT newest."id" FROM "Repository" r
    JOIN LATERAL (
      SELECT s."id" FROM "Snapshot" s WHERE s."repositoryId" = r."id" ORDER BY s."id" DESC LIMIT 1
    ) newest ON true
    WHERE r."orgId" = ${scan.orgId} AND r."goneAt" IS NULL AND NOT EXISTS (
      SELECT 1 FROM "Scan" WHERE "snapshotId" = newest."id" AND "checklistVersion" = ${scan.checklistVersion}
        AND "policyHash" = ${scan.policyHash})
    ORDER BY newest."id"`
  return rows.map(row => row.id)
}
