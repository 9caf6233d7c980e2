import type { Scope } from '../../api/frame.ts'
import { ownersFrom } from '../../api/owners.ts'
import type { Scorecard } from '../../api/scorecard.ts'
import type { ItemId } from '../../check.ts'
import type { Grade, Outcome, ScoredItem } from '../../scan.ts'
import type { Database } from '../database.ts'
import { policyByHash } from '../policies.ts'
import { visibleNamed } from '../visible.ts'
import { type FoundByCheck, readFindings } from './findings.ts'
import { NO_FIXES } from './fixes.ts'
import { gainOf } from './gain.ts'
import { readTimeline } from './timeline.ts'
import { readWaiversOf } from './waivers.ts'

const MONTH_MS = 30 * 24 * 3600 * 1000

/** One repository as last judged; null where the organisation has none of that name. `all`: see `scorecardQuery`. */
export async function readScorecard(
  db: Database,
  scope: Scope,
  name: string,
  now: Date,
  all: string | undefined,
): Promise<Scorecard | null> {
  const [repository] = await db.repository.findMany({
    where: visibleNamed(scope, name),
    take: 1,
    include: { latestScan: { include: { results: true, snapshot: { select: { headOid: true, treeOid: true } } } } },
  })
  if (repository === undefined) return null
  const scan = repository.latestScan
  const [found, timeline, waivers, policy, before] = await Promise.all([
    scan === null ? new Map<string, FoundByCheck>() : readFindings(db, repository.id, scan.snapshot.treeOid, all),
    readTimeline(db, repository.id),
    readWaiversOf(db, scope, repository.id, now),
    policyByHash(db, repository, scan?.policyHash ?? ''),
    db.scan.findFirst({
      where: { repositoryId: repository.id, scannedAt: { lte: new Date(now.getTime() - MONTH_MS) } },
      orderBy: [{ scannedAt: 'desc' }, { id: 'desc' }],
      select: { score: true },
    }),
  ])
  const results = (scan?.results ?? []).map(result => ({ ...result, item: result.item as ItemId }))
  return {
    name: repository.name,
    visibility: repository.visibility,
    archived: repository.archived,
    fork: repository.fork,
    empty: repository.empty,
    language: repository.primaryLanguage,
    topics: repository.topics,
    owners: ownersFrom(repository),
    defaultBranch: repository.defaultBranch,
    crawl: repository.outcome,
    crawlReason: repository.outcomeReason,
    crawledAt: repository.crawledAt,
    scan:
      scan === null
        ? null
        : {
            at: scan.scannedAt,
            commit: scan.snapshot.headOid,
            score: scan.score,
            scoreBefore: before?.score ?? null,
            grade: scan.grade as Grade | null,
            itemsMet: scan.itemsMet,
            itemsApplied: scan.itemsApplied,
            hardening: scan.hardening,
            waivedFindings: scan.waivedFindings,
            items: scan.items as unknown as ScoredItem[],
            leftOut: scan.leftOut as { files: number; reason: string }[],
            couldNotRead: scan.couldNotRead as { path: string | null; reason: string }[],
          },
    checks: results.map(({ checkId, outcome, scanId: _, ...result }) => ({
      ...result,
      id: checkId,
      outcome: outcome as Outcome,
      findings: found.get(checkId)?.findings ?? [],
      gain: gainOf(checkId, results, policy),
      weight: policy.checkWeights[checkId] ?? 1,
      fixes: found.get(checkId)?.fixes ?? NO_FIXES,
    })),
    waivers,
    longestWaiverDays: policy.longestWaiverDays,
    timeline,
  }
}
