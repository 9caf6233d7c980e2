import type { ScanReport } from '../scan.ts'
import type { Database, Session } from './database.ts'
import { saveFindings } from './findings.ts'
import { storable, storableJson } from './text.ts'

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
 * Keeps a scan with its results and moves the repository's findings, in one transaction: everybody sees all of it or
 * nothing. The same (snapshot, checklist, policy) saved again changes nothing. The scan becomes the repository's latest,
 * and its findings the open ones, unless a newer snapshot was scanned before.
 */
export async function saveScan(db: Database, scan: ScanToSave): Promise<{ scanId: number; isNew: boolean }> {
  return db.$transaction(tx => saveScanIn(tx, scan))
}

async function saveScanIn(tx: Session, scan: ScanToSave): Promise<{ scanId: number; isNew: boolean }> {
  const { repositoryId, snapshotId, checklistVersion, policyHash, now, report } = scan
  // The repository's row is the lock: two scans of one repository come one after the other.
  const [repository] = await tx.$queryRaw<{ latestSnapshot: number | null }[]>`
    SELECT s."snapshotId" AS "latestSnapshot" FROM "Repository" r LEFT JOIN "Scan" s ON s."id" = r."latestScanId"
    WHERE r."id" = ${repositoryId} FOR UPDATE OF r`
  const same = { snapshotId_checklistVersion_policyHash: { snapshotId, checklistVersion, policyHash } }
  const before = await tx.scan.findUnique({ where: same, select: { id: true } })
  if (before !== null) return { scanId: before.id, isNew: false }
  const { id: scanId } = await tx.scan.create({
    data: {
      repositoryId,
      snapshotId,
      checklistVersion,
      policyHash,
      scannedAt: now,
      score: report.score,
      grade: report.grade,
      itemsMet: report.itemsMet,
      itemsApplied: report.itemsApplied,
      hardening: report.hardening,
      openFindings: report.checks.reduce((sum, check) => sum + check.findings.length, 0),
      items: storableJson(report.items),
      leftOut: storableJson(report.leftOut),
      couldNotRead: storableJson(report.couldNotRead),
    },
    select: { id: true },
  })
  await tx.checkResult.createMany({ data: report.checks.map(check => resultRow(scanId, check)) })
  if (snapshotId >= (repository?.latestSnapshot ?? 0)) {
    await saveFindings(tx, scan)
    await tx.repository.update({ where: { id: repositoryId }, data: { latestScanId: scanId } })
  }
  return { scanId, isNew: true }
}

function resultRow(scanId: number, check: ScanReport['checks'][number]) {
  const { id: checkId, item, version, outcome, reason, examined, value, findings, notes } = check
  return {
    scanId,
    checkId,
    item,
    version,
    outcome,
    reason: reason === undefined ? null : storable(reason),
    examined,
    failing: findings.length,
    value,
    notes: notes.map(storable),
  }
}

/** Whether this snapshot was scanned with this checklist and policy already. */
export async function isScanned(
  db: Database,
  scan: { snapshotId: number; checklistVersion: string; policyHash: string },
): Promise<boolean> {
  const same = { snapshotId_checklistVersion_policyHash: scan }
  return (await db.scan.findUnique({ where: same, select: { id: true } })) !== null
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
