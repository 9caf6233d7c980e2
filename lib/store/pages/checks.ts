import type { CheckCounts, FailingRepository } from '../../api/checks.ts'
import type { Scope } from '../../api/frame.ts'
import type { Database } from '../database.ts'
import { checkStands, failingNow } from './courses.ts'
import { countedStanding, noCounts, shownAs } from './fragments.ts'
import { type Population, readPopulation } from './population.ts'

const FAILING_SHOWN = 10

/** How every check stands over the repositories that count. One query. */
export async function readCheckCounts(db: Database, scope: Scope): Promise<Map<string, CheckCounts>> {
  return countsOf(await readPopulation(db, scope))
}

/** The same, and the repositories with the most findings of one check, most first. Two queries. */
export async function readCheck(
  db: Database,
  scope: Scope,
  checkId: string,
): Promise<{ counts: CheckCounts | null; failing: FailingRepository[] }> {
  const population = await readPopulation(db, scope)
  return {
    counts: countsOf(population).get(checkId) ?? null,
    failing: await readFailing(db, scope, population, checkId),
  }
}

function countsOf(population: Population): Map<string, CheckCounts> {
  const all = new Map<string, CheckCounts>()
  for (const { key, state, count, findings } of checkStands(population)) {
    const entry = all.get(key) ?? { checkId: key, counts: noCounts(), findings: 0 }
    entry.counts[shownAs(state)] += count
    entry.findings += findings
    all.set(key, entry)
  }
  return all
}

async function readFailing(
  db: Database,
  scope: Scope,
  population: Population,
  checkId: string,
): Promise<FailingRepository[]> {
  const most = failingNow(population, checkId)
    .sort((a, b) => b.wrong - a.wrong || a.id - b.id)
    .slice(0, FAILING_SHOWN)
  if (most.length === 0) return []
  return db.$queryRaw<FailingRepository[]>`
    select s.name, c.failing, c.examined, (
      select min(f."firstSeen") from "Finding" f
      where f."repositoryId" = most.id and f."checkId" = c."checkId" and f."fixedAt" is null) as since
    from unnest(${most.map(({ id }) => BigInt(id))}::bigint[], ${most.map(({ scanId }) => scanId)}::int[]) most (id, scan)
    join "Standing" s on s."repositoryId" = most.id
    join "CheckResult" c on c."scanId" = most.scan and c."checkId" = ${checkId}
    where ${countedStanding(scope)}
    order by c.failing desc, s.name`
}
