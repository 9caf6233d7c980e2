/** Waivers that come and go between two looks: the latest scan told again with those that are in force then. */
import type { ItemId } from '../check.ts'
import { waiverOver } from '../policy/waiver.ts'
import type { Grade, Outcome, ScanReport } from '../scan.ts'
import { layWaivers } from '../score/waived.ts'
import { appendAudit } from './audit.ts'
import { type Database, inTransaction, type Session } from './database.ts'
import { policyByHash } from './policies.ts'
import { insertScans, lockRepositories, makeLatest } from './scan-rows.ts'
import { rowsJson } from './text.ts'
import { changeWaiver, endedWaivers, type KnownWaiver, waiversInForce } from './waivers.ts'

type FindingRow = {
  id: bigint
  checkId: string
  fingerprint: string
  path: string
  weight: number
  waiverId: number | null
  /** Whether the latest look saw it; one that it could not look at says nothing of the score. */
  seen: boolean
}

/**
 * Lays the waivers in force at that time over a repository's latest scan. Where that changes which findings count, the
 * scan is told again, with that time as its date, so that scores, lists and trends are right from then on. Nothing is
 * judged again. Call it inside a transaction.
 */
export async function layAgain(tx: Session, repositoryId: bigint, at: Date): Promise<void> {
  await lockRepositories(tx, [repositoryId])
  const repository = await tx.repository.findUnique({
    where: { id: repositoryId },
    select: {
      ...{ orgId: true, topics: true, teams: true, visibility: true, properties: true },
      latestScan: { include: { results: true } },
    },
  })
  const scan = repository?.latestScan
  if (!scan) return
  const [waivers = []] = (await waiversInForce(tx, new Map([[repositoryId, at]]))).values()
  const findings = await openFindings(tx, repositoryId)
  const next = findings.map(row => {
    const waiver = waiverOver(waivers, row.checkId, { fingerprint: row.fingerprint, evidence: row })
    return { ...row, next: waiver?.id ?? null }
  })
  await keepWaivers(
    tx,
    next.filter(row => row.next !== row.waiverId),
  )
  const wrong = new Set(scan.results.filter(({ outcome }) => isJudgedWrong(outcome)).map(({ checkId }) => checkId))
  const judgedOnes = next.filter(({ seen, checkId }) => seen && wrong.has(checkId))
  if (!judgedOnes.some(row => (row.next === null) !== (row.waiverId === null))) return
  const byCheck = Map.groupBy(judgedOnes, row => row.checkId)
  const judged = scan.results.map(({ scanId: _, checkId: id, failing: __, waived: ___, outOf, ...result }) => {
    const own = byCheck.get(id) ?? []
    const asJudged = own.length === 0 ? {} : { outcome: 'fail' as const, value: worthOf(own, outOf ?? result.examined) }
    return {
      ...{ ...result, id, item: result.item as ItemId, outcome: result.outcome as Outcome, ...asJudged },
      ...(outOf === null ? {} : { outOf }),
      findings: own.map(row => ({ ...row, evidence: { path: row.path } })),
    }
  })
  const { checks, score } = layWaivers(judged, waivers, await policyByHash(tx, repository, scan.policyHash))
  const { checklistVersion, policyHash, snapshotId, turn, leftOut, couldNotRead } = scan
  const unchanged = { leftOut, couldNotRead } as Pick<ScanReport, 'leftOut' | 'couldNotRead'>
  const report = { checklistVersion, policyHash, ...unchanged, ...score, grade: score.grade as Grade | null, checks }
  const now = at < scan.scannedAt ? scan.scannedAt : at
  const told = { repositoryId, snapshotId, turn: turn + 1, checklistVersion, policyHash, now, report }
  await makeLatest(tx, await insertScans(tx, [told]))
}

function isJudgedWrong(outcome: string): boolean {
  return outcome === 'fail' || outcome === 'waived'
}

/** As the runner reckons it, before any waiver. */
function worthOf(findings: readonly { weight: number }[], outOf: number): number {
  const wrong = findings.reduce((sum, { weight }) => sum + weight, 0)
  return Math.max(0, 1 - wrong / Math.max(1, outOf))
}

async function openFindings(tx: Session, repositoryId: bigint): Promise<FindingRow[]> {
  return tx.$queryRaw<FindingRow[]>`
    SELECT "id", "checkId", "fingerprint", "path", "weight", "waiverId",
      "lastSeen" = max("lastSeen") OVER (PARTITION BY "checkId") AS "seen"
    FROM "Finding" WHERE "repositoryId" = ${repositoryId} AND "fixedAt" IS NULL ORDER BY "id"`
}

async function keepWaivers(tx: Session, rows: readonly { id: bigint; next: number | null }[]): Promise<void> {
  if (rows.length === 0) return
  const changed = rowsJson(rows.map(({ id, next }) => ({ id, next })))
  await tx.$executeRaw`
    UPDATE "Finding" SET "waiverId" = c."next" FROM jsonb_to_recordset(${changed}::jsonb) AS c("id" bigint, "next" int)
    WHERE "Finding"."id" = c."id"`
}

const AT_ONCE = 50

/**
 * Takes off what has ended, each at the moment of its end however late this is called: what it covered counts again, and
 * its history and the audit log say so. Returns how many ended.
 */
export async function endWaivers(db: Database, now: Date): Promise<number> {
  let ended = 0
  for (;;) {
    const due = await endedWaivers(db, now, AT_ONCE)
    for (const waiver of due) if (await inTransaction(db, tx => endOne(tx, waiver))) ended += 1
    if (due.length < AT_ONCE) return ended
  }
}

async function endOne(tx: Session, { id, repositoryId, repository, subject, until }: KnownWaiver): Promise<boolean> {
  await lockRepositories(tx, [repositoryId])
  const [still] = await tx.waiver.findMany({ where: { id, laid: true, state: 'granted', until } })
  // Another worker was first, or it was renewed meanwhile.
  if (still === undefined) return false
  const change = { from: ['granted'], what: 'expired', to: 'granted', laid: false, words: '' } as const
  await changeWaiver(tx, id, change, 'Plumbline', until)
  await layAgain(tx, repositoryId, until)
  await appendAudit(tx, {
    ...{ at: until, actor: 'system', name: 'Plumbline', action: 'waiver.expired', address: null },
    resource: `waiver:${id}`,
    details: { repository, subject },
  })
  return true
}
