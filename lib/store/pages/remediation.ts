import type { Scope } from '../../api/frame.ts'
import type { Place, Remediation } from '../../api/scorecard.ts'
import type { ItemId } from '../../check.ts'
import type { Grade, Outcome } from '../../scan.ts'
import type { Database } from '../database.ts'
import { policyByHash } from '../policies.ts'
import { visibleNamed } from '../visible.ts'
import { NO_FIXES, readFixes } from './fixes.ts'
import { gainOf } from './gain.ts'

const PLACES_EACH = 200

/** What is left to do in a repository, in no order; null where the organisation has none of that name. Six queries. */
export async function readRemediation(db: Database, scope: Scope, name: string): Promise<Remediation | null> {
  const repository = await db.repository.findFirst({
    where: visibleNamed(scope, name),
    select: {
      ...{ id: true, orgId: true, topics: true, teams: true, visibility: true, properties: true },
      latestScan: {
        select: {
          scannedAt: true,
          score: true,
          grade: true,
          policyHash: true,
          results: true,
          snapshot: { select: { headOid: true } },
        },
      },
    },
  })
  if (repository === null) return null
  const scan = repository.latestScan
  if (scan === null) return { name, scan: null, steps: [] }
  const [places, fixes, policy] = await Promise.all([
    readPlaces(db, repository.id),
    readFixes(db, repository.id),
    policyByHash(db, repository, scan.policyHash),
  ])
  const results = scan.results.map(result => ({ ...result, item: result.item as ItemId }))
  const open = results.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
  return {
    name,
    scan: {
      at: scan.scannedAt,
      commit: scan.snapshot.headOid,
      score: scan.score,
      grade: scan.grade as Grade | null,
    },
    steps: open.map(({ checkId, item, outcome, reason, examined, failing, waived }) => ({
      id: checkId,
      item,
      outcome: outcome as Outcome,
      reason,
      examined,
      failing,
      waived,
      gain: gainOf(checkId, results, policy),
      fixes: fixes.get(checkId) ?? NO_FIXES,
      places: places.get(checkId) ?? [],
    })),
  }
}

async function readPlaces(db: Database, repositoryId: bigint): Promise<Map<string, Place[]>> {
  const rows = await db.$queryRaw<(Place & { checkId: string })[]>`
    select "checkId", fingerprint, path, "startLine", message, fix from (
      select f."checkId", f.fingerprint, f.path, f."startLine", f.message, f.patch->>'safety' as fix,
        row_number() over (partition by f."checkId" order by f.path, f."startLine", f.id) as place
      from "Finding" f where f."repositoryId" = ${repositoryId} and f."fixedAt" is null and f."waiverId" is null) ranked
    where place <= ${PLACES_EACH} order by "checkId", place`
  const byCheck = new Map<string, Place[]>()
  for (const { checkId, ...place } of rows) {
    const list = byCheck.get(checkId)
    if (list) list.push(place)
    else byCheck.set(checkId, [place])
  }
  return byCheck
}
