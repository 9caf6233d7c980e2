/** The rows of scans and their results, whoever brings them: a look at a snapshot, or a waiver that came or went. */
import type { ScanReport } from '../scan.ts'
import type { Waived } from '../score/waived.ts'
import type { Session } from './database.ts'
import { rowsJson } from './text.ts'

type Check = Omit<ScanReport['checks'][number], 'findings' | 'reason'> & {
  findings: readonly LaidFinding[]
  reason?: string | null
}
type LaidFinding = { fingerprint: string; weight: number; evidence: { path: string } }

/** A scan with waivers laid over its report, to be written. `turn`: how many there are of the same already. */
export type LaidScan = {
  repositoryId: bigint
  snapshotId: number
  turn: number
  checklistVersion: string
  policyHash: string
  now: Date
  report: Omit<ScanReport, 'checks' | 'repository' | 'commit' | 'scannedAt' | 'inventory'> & { checks: Waived<Check>[] }
}

/** The repositories' rows are the locks, taken in order: two scans of one repository come one after the other. */
export async function lockRepositories(tx: Session, ids: readonly bigint[]): Promise<void> {
  await tx.$queryRaw`SELECT r."id" FROM "Repository" r WHERE r."id" = ANY(${ids}::bigint[]) ORDER BY r."id" FOR UPDATE`
}

/** Gives each its id. */
export async function insertScans<Scan extends LaidScan>(
  tx: Session,
  scans: readonly Scan[],
): Promise<(Scan & { scanId: number })[]> {
  const rows = await tx.$queryRaw<{ id: number; snapshotId: number }[]>`
    INSERT INTO "Scan" ("repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", "turn", "score", "grade",
      "itemsMet", "itemsApplied", "hardening", "openFindings", "waivedFindings", "items", "leftOut", "couldNotRead")
    SELECT "repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", "turn", "score", "grade", "itemsMet",
      "itemsApplied", "hardening", "openFindings", "waivedFindings", "items", "leftOut", "couldNotRead"
    FROM jsonb_to_recordset(${rowsJson(scans.map(scanRow))}::jsonb) AS s("repositoryId" bigint, "snapshotId" int,
      "scannedAt" timestamptz, "checklistVersion" text, "policyHash" text, "turn" int, "score" float, "grade" text,
      "itemsMet" int, "itemsApplied" int, "hardening" float, "openFindings" int, "waivedFindings" int, "items" jsonb,
      "leftOut" jsonb, "couldNotRead" jsonb)
    ORDER BY "snapshotId"
    RETURNING "id", "snapshotId"`
  const ids = new Map(rows.map(row => [row.snapshotId, row.id]))
  const written = scans.map(scan => ({ ...scan, scanId: ids.get(scan.snapshotId) ?? 0 }))
  await saveResults(tx, written)
  return written
}

/** From now on these are their repositories' latest; the kept figures move with them. */
export async function makeLatest(
  tx: Session,
  scans: readonly { repositoryId: bigint; scanId: number }[],
): Promise<void> {
  const moved = rowsJson(scans.map(({ repositoryId, scanId }) => ({ repositoryId, scanId })))
  await tx.$executeRaw`
    UPDATE "Repository" r SET "latestScanId" = m."scanId"
    FROM jsonb_to_recordset(${moved}::jsonb) AS m("repositoryId" bigint, "scanId" int) WHERE r."id" = m."repositoryId"`
}

function scanRow({ repositoryId, snapshotId, turn, now, checklistVersion, policyHash, report }: LaidScan) {
  const { score, grade, itemsMet, itemsApplied, hardening, items, leftOut, couldNotRead, checks } = report
  const openFindings = checks.reduce((sum, check) => sum + check.failing, 0)
  const waivedFindings = checks.reduce((sum, check) => sum + check.waived, 0)
  return {
    ...{ repositoryId, snapshotId, turn, scannedAt: now, checklistVersion, policyHash, score, grade, itemsMet },
    ...{ itemsApplied, hardening, openFindings, waivedFindings, items, leftOut, couldNotRead },
  }
}

async function saveResults(tx: Session, scans: readonly (LaidScan & { scanId: number })[]): Promise<void> {
  const rows = scans.flatMap(({ scanId, report }) => report.checks.map(check => resultRow(scanId, check)))
  await tx.$executeRaw`
    INSERT INTO "CheckResult" ("scanId", "checkId", "item", "version", "outcome", "reason", "examined", "outOf", "failing",
      "waived", "value", "notes")
    SELECT r."scanId", r."checkId", r."item", r."version", r."outcome", r."reason", r."examined", r."outOf", r."failing",
      r."waived", r."value", r."notes"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("scanId" int, "checkId" text, "item" text, "version" int,
      "outcome" text, "reason" text, "examined" int, "outOf" float, "failing" int, "waived" int, "value" float, "notes" text[])`
}

function resultRow(scanId: number, { id: checkId, findings: _, ...check }: Waived<Check>) {
  return { scanId, checkId, ...check }
}
