import { defaultPolicy, type Weights } from '../policy/policy.ts'
import type { ScanReport } from '../scan.ts'
import { layWaivers } from '../score/waived.ts'
import type { Database, Session } from './database.ts'
import { saveFindings } from './findings.ts'
import { type RepositoryTraits, traitsOfRepository } from './policies.ts'
import { insertScans, lockRepositories, makeLatest } from './scan-rows.ts'
import { rowsJson } from './text.ts'
import { waiversInForce } from './waivers.ts'

export type ScanToSave = {
  repositoryId: bigint
  snapshotId: number
  headOid: string
  report: ScanReport
  checklistVersion: string
  policyHash: string
  /** Of the policy that it was judged by; absent, the default's. */
  weights?: Weights
  now: Date
  /** What the snapshot calls is another than it was: the latest scan is told once more. */
  again?: boolean
}

/**
 * Keeps scans with their results and moves the repositories' findings, in one transaction: everybody sees all of it or
 * nothing. Waivers in force are laid over them. What judges the latest snapshot as the latest scan did changes nothing. A
 * scan becomes its repository's latest, and its findings the open ones, unless a newer snapshot was scanned before. Gives
 * them in the order of their snapshots.
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
  await lockRepositories(
    tx,
    scans.map(({ repositoryId }) => repositoryId),
  )
  const places = await placesOf(tx, scans)
  const known: SavedScan[] = []
  const fresh: (ScanToSave & { turn: number; isCurrent: boolean })[] = []
  for (const scan of scans) {
    const { latestSnapshot, latestScan, sameScan, turn } = places.get(scan.snapshotId) ?? NOWHERE
    // An older look is history, and told once; the newest one is told again when something else was said since.
    const isOld = latestSnapshot !== null && scan.snapshotId < latestSnapshot
    const isThere = sameScan !== null && (isOld || (sameScan === latestScan && scan.again !== true))
    if (isThere) known.push({ snapshotId: scan.snapshotId, scanId: sameScan, isNew: false })
    else fresh.push({ ...scan, turn, isCurrent: !isOld })
  }
  if (fresh.length === 0) return known
  const laid = await withWaivers(tx, fresh)
  const written = await insertScans(tx, laid)
  const current = written.filter(({ isCurrent }) => isCurrent)
  if (current.length > 0) {
    await saveFindings(tx, current)
    await makeLatest(tx, current)
  }
  return [...known, ...written.map(({ snapshotId, scanId }) => ({ snapshotId, scanId, isNew: true }))]
}

type Place = {
  latestSnapshot: number | null
  latestScan: number | null
  /** The newest scan of this snapshot by this checklist and policy. */
  sameScan: number | null
  /** How the next one is numbered. */
  turn: number
}
const NOWHERE: Place = { latestSnapshot: null, latestScan: null, sameScan: null, turn: 0 }

/** By snapshot, where a scan of it belongs. */
async function placesOf(tx: Session, scans: readonly ScanToSave[]): Promise<Map<number, Place>> {
  const given = rowsJson(
    scans.map(({ repositoryId, snapshotId, checklistVersion, policyHash }) => {
      return { repositoryId, snapshotId, checklistVersion, policyHash }
    }),
  )
  const rows = await tx.$queryRaw<(Place & { snapshotId: number })[]>`
    SELECT g."snapshotId", l."snapshotId" AS "latestSnapshot", l."id" AS "latestScan", max(s."id")::int AS "sameScan",
      coalesce(max(s."turn") + 1, 0)::int AS "turn"
    FROM jsonb_to_recordset(${given}::jsonb) AS g("repositoryId" bigint, "snapshotId" int, "checklistVersion" text,
      "policyHash" text)
    JOIN "Repository" r ON r."id" = g."repositoryId" LEFT JOIN "Scan" l ON l."id" = r."latestScanId"
    LEFT JOIN "Scan" s ON s."snapshotId" = g."snapshotId" AND s."checklistVersion" = g."checklistVersion"
      AND s."policyHash" = g."policyHash"
    GROUP BY g."snapshotId", l."id"`
  return new Map(rows.map(({ snapshotId, ...place }) => [snapshotId, place]))
}

async function withWaivers<Given extends ScanToSave>(tx: Session, scans: readonly Given[]) {
  const at = new Map(scans.map(({ repositoryId, now }) => [repositoryId, now]))
  const waivers = await waiversInForce(tx, at)
  return scans.map(scan => {
    const own = waivers.get(scan.repositoryId) ?? []
    const { checks, score } = layWaivers(scan.report.checks, own, scan.weights ?? defaultPolicy)
    // Without one the score stands as it was judged.
    return { ...scan, report: { ...scan.report, ...(own.length > 0 && score), checks } }
  })
}

/** By which checklist and policy a repository is to be judged; the policy is told by what the repository is. */
export type Judging = { checklistVersion: string; hashOf(traits: RepositoryTraits): string }

/** Those of the snapshots that were not scanned with this checklist and policy, or since then otherwise. One query. */
export async function unscanned(
  db: Database,
  { snapshotIds, checklistVersion, hashOf }: Judging & { snapshotIds: readonly number[] },
): Promise<number[]> {
  const rows = await db.$queryRaw<(RepositoryTraits & Latest & { id: number; hashes: string[] })[]>`
    SELECT p."id", ${traitsOfRepository}, l."snapshotId" AS "latestSnapshot",
      l."policyHash" AS "latestHash", l."checklistVersion" AS "latestChecklist", array(
        SELECT s."policyHash" FROM "Scan" s WHERE s."snapshotId" = p."id" AND s."checklistVersion" = ${checklistVersion}
      ) AS "hashes"
    FROM "Snapshot" p JOIN "Repository" r ON r."id" = p."repositoryId" LEFT JOIN "Scan" l ON l."id" = r."latestScanId"
    WHERE p."id" = ANY(${snapshotIds}::int[]) ORDER BY p."id"`
  const left = rows.filter(row => {
    const hash = hashOf(row)
    if (row.latestSnapshot !== null && row.latestSnapshot > row.id) return !row.hashes.includes(hash)
    return !isBy(row, row.id, checklistVersion, hash)
  })
  return left.map(row => row.id)
}

/**
 * The newest snapshot of every repository (`among`: of these) whose latest scan is not by this checklist and policy. One
 * query.
 */
export async function unscannedSnapshots(
  db: Database,
  { orgId, among, checklistVersion, hashOf }: Judging & { orgId: number; among?: readonly bigint[] },
): Promise<number[]> {
  const rows = await db.$queryRaw<(RepositoryTraits & Latest & { id: number })[]>`
    SELECT newest."id", ${traitsOfRepository},
      l."snapshotId" AS "latestSnapshot", l."policyHash" AS "latestHash", l."checklistVersion" AS "latestChecklist"
    FROM "Repository" r
    JOIN LATERAL (
      SELECT s."id" FROM "Snapshot" s WHERE s."repositoryId" = r."id" ORDER BY s."id" DESC LIMIT 1
    ) newest ON true
    LEFT JOIN "Scan" l ON l."id" = r."latestScanId"
    WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL
      AND (${among === undefined} OR r."id" = ANY(${among ?? []}::bigint[])) ORDER BY newest."id"`
  return rows.filter(row => !isBy(row, row.id, checklistVersion, hashOf(row))).map(row => row.id)
}

type Latest = { latestSnapshot: number | null; latestHash: string | null; latestChecklist: string | null }

function isBy(latest: Latest, snapshotId: number, checklistVersion: string, hash: string): boolean {
  const { latestSnapshot, latestHash, latestChecklist } = latest
  return latestSnapshot === snapshotId && latestHash === hash && latestChecklist === checklistVersion
}
