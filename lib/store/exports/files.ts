import { Prisma } from '#prisma/generated/client.ts'
import { columnName, columnOf, type ExportName, type ExportQuery } from '../../api/exports.ts'
import type { Scope } from '../../api/frame.ts'
import { SHOWN } from '../../api/overview.ts'
import type { RepositoriesAsk } from '../../api/repositories.ts'
import { judgedOf, passShare, rangeOf, type StatePoint } from '../../api/trends.ts'
import type { WaiverRow } from '../../api/waivers.ts'
import { ITEMS, SECTIONS } from '../../check.ts'
import type { Database } from '../database.ts'
import { ownersOfRepository } from '../owners.ts'
import { stateOfChecks } from '../pages/fragments.ts'
import { matching } from '../pages/repository-filter.ts'
import { readTrends } from '../pages/trend.ts'
import { waiverColumns } from '../pages/waivers.ts'
import { batches } from './rows.ts'

type Value = string | number | boolean | Date | null
/** Column → value; the columns are those of `COLUMNS` in lib/api/exports.ts. */
export type ExportRow = Record<string, Value>

type Ask = { scope: Scope; query: ExportQuery & RepositoriesAsk; now: Date }

/** The rows of a file in batches. Memory stays the same however many there are. */
export function exportRows(db: Database, what: ExportName, ask: Ask): AsyncGenerator<ExportRow[]> {
  return { repositories, checks, findings, waivers, inventory, trend }[what](db, ask)
}

const OF_REPOSITORY = Prisma.sql`r.name as repository, p."headOid" as commit, n."scannedAt" as scanned_at,
  n."checklistVersion" as checklist_version, n."policyHash" as policy`
const SCANNED = Prisma.sql`"Repository" r join "Standing" s on s."repositoryId" = r.id
  left join "Scan" n on n.id = s."scanId" left join "Snapshot" p on p.id = n."snapshotId"`

type Keyed = ExportRow & { key: bigint }

async function* repositories(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const rows = batches<Keyed & { scanId: number | null }>(
    db,
    (last, limit) => Prisma.sql`
      select r.id as key, n.id as "scanId", ${OF_REPOSITORY}, r.visibility, r.archived, r.fork, r."primaryLanguage" as language,
        array_to_string(r.topics, ' ') as topics, array_to_string(r.teams, ' ') as teams,
        array_to_string(array(select distinct o from unnest(${ownersOfRepository}) o order by o), ', ') as owners, n.score, n.grade,
        n."itemsMet" as items_met, n."itemsApplied" as items_applied, n.hardening, n."openFindings" as open_findings,
        n."waivedFindings" as waived_findings,
        r.outcome as crawl_outcome, r."outcomeReason" as crawl_reason, r."crawledAt" as crawled_at
      from ${SCANNED} where ${matching(scope, query, now)} and r.id > ${last} order by r.id limit ${limit}`,
  )
  for await (const batch of rows) {
    const states = await db.$queryRaw<{ scanId: number; item: string; state: string }[]>`
      select c."scanId", c.item, ${stateOfChecks} as state from "CheckResult" c
      where c."scanId" = any(${batch.flatMap(({ scanId }) => scanId ?? [])}) group by c."scanId", c.item`
    const byScan = Map.groupBy(states, state => state.scanId)
    yield batch.map(({ key: _, scanId, ...row }) => {
      const own = scanId === null ? [] : (byScan.get(scanId) ?? [])
      const items = [...ITEMS, ...SECTIONS].map(({ id }) => [
        columnOf(id),
        own.find(({ item }) => item === id)?.state ?? null,
      ])
      return { ...row, ...Object.fromEntries(items) }
    })
  }
}

async function* checks(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const { check, item } = query
  const rows = batches<Keyed>(
    db,
    // A scan has a few dozen results: its repositories are taken in batches, and no repository is cut in two.
    (last, limit) => Prisma.sql`
      with page as (
        select r.id, ${OF_REPOSITORY}, n.id as "scanId" from ${SCANNED}
        where ${matching(scope, query, now)} and r.id > ${last} and n.id is not null
        order by r.id limit ${Math.ceil(limit / 50)})
      select page.id as key, repository, commit, scanned_at, checklist_version, policy, c.item, c."checkId" as check,
        c.version as check_version, c.outcome, c.reason, c.examined, c.failing, c.waived, c.value
      from page join "CheckResult" c on c."scanId" = page."scanId"
      order by page.id, c."checkId"`,
  )
  for await (const batch of rows) {
    yield batch
      .map(({ key: _, ...row }) => row)
      .filter(row => (check === undefined || row.check === check) && (item === undefined || row.item === item))
  }
}

async function* findings(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const { check, fixed } = query
  const rows = batches<Keyed>(
    db,
    (last, limit) => Prisma.sql`
      select f.id as key, ${OF_REPOSITORY}, f."checkId" as check, f.fingerprint,
        case when f."fixedAt" is not null then 'fixed' when w.id is not null then 'waived' else 'open' end as state, f.path, f."startLine" as start_line,
        f."endLine" as end_line, f.message, f.weight, f.patch->>'safety' as fix, f."firstSeen" as first_seen,
        f."firstCommit" as first_commit, f."fixedAt" as fixed_at, f."fixedCommit" as fixed_commit,
        w.id as waiver, w.until as waived_until
      from "Finding" f join ${SCANNED} on r.id = f."repositoryId"
      left join "Waiver" w on w.id = f."waiverId" and f."fixedAt" is null
      where f.id > ${last} and (${fixed} = 'yes' or f."fixedAt" is null)
        and (${check ?? null}::text is null or f."checkId" = ${check ?? null}) and ${matching(scope, query, now)}
      order by f.id limit ${limit}`,
  )
  for await (const batch of rows) yield batch.map(({ key: _, ...row }) => row)
}

async function* waivers(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const rows = batches<WaiverRow & { key: bigint }>(
    db,
    (last, limit) => Prisma.sql`
      select w.id as key, ${waiverColumns(now)} from "Waiver" w join ${SCANNED} on r.id = w."repositoryId"
      where w.id > ${last} and ${matching(scope, query, now)} order by w.id limit ${limit}`,
  )
  for await (const batch of rows) {
    yield batch.map(row => ({
      ...{ repository: row.repository, waiver: row.id, state: row.state, scope: row.scope, check: row.checkId },
      ...{ path: row.path, fingerprint: row.fingerprint, subject: row.subject, reason: row.reason, words: row.words },
      ...{ asked_at: row.askedAt, asked_by: row.askedName, decided_at: row.decidedAt, decided_by: row.decidedName },
      ...{ until: row.until, findings: row.findings },
    }))
  }
}

async function* inventory(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const rows = batches<Keyed & { kind: string | null }>(
    db,
    // Repositories that name nothing have a row too, so that the next batch begins behind them.
    (last, limit) => Prisma.sql`
      with page as (
        select r.id, p."treeOid", ${OF_REPOSITORY} from ${SCANNED}
        where ${matching(scope, query, now)} and r.id > ${last} and n.id is not null
        order by r.id limit ${Math.ceil(limit / 500)}),
      held as (
        select page.id, f.path, i.* from page
        join "RepositoryFile" f on f."treeOid" = page."treeOid" and f.mode in ('100644', '100755')
        join "Inventory" i on i."blobOid" = f."blobOid"),
      named as (
        select held.id, 'package' as kind, n.ecosystem, n.name, n.purl, n.version, held.path, u.line, u.immutable
        from held cross join lateral unnest(held.packages, held."packageLines", held.hashed) as u(id, line, immutable)
        join "Package" n on n.id = u.id
        union all
        select held.id, 'action', null, n.uses, null,
          coalesce(known.version, nullif(n.version, ''), case when not n.pinned then n.ref end), held.path, u.line, n.pinned
        from held cross join lateral unnest(held.actions, held."actionLines") as u(id, line)
        join "Action" n on n.id = u.id left join "ActionRef" known on known.id = n."refId")
      select page.id as key, repository, commit, scanned_at, checklist_version, policy, named.kind, named.ecosystem,
        named.name, named.purl, named.version, named.path, named.line, named.immutable
      from page left join named on named.id = page.id
      order by page.id, named.path, named.line, named.name`,
  )
  for await (const batch of rows) yield batch.filter(({ kind }) => kind !== null).map(({ key: _, ...row }) => row)
}

async function* trend(db: Database, { scope, query, now }: Ask): AsyncGenerator<ExportRow[]> {
  const { team = null, item, check, curves } = query
  const { score, items, subject } = await readTrends(db, scope, query, rangeOf(query, now))
  const none = { score: null, share: null, ...Object.fromEntries(SHOWN.map(state => [columnName(state), null])) }
  const ofStates = (of: string, points: readonly StatePoint[]): ExportRow[] =>
    points.map(({ at, counts }) => ({
      ...{ week_to: at, of, team, ...none, share: passShare(counts), repositories: judgedOf(counts) },
      ...Object.fromEntries(SHOWN.map(state => [columnName(state), counts[state]])),
    }))
  if (curves === 'items') yield items.flatMap(({ item: of, points }) => ofStates(of, points))
  else if (subject !== null) yield ofStates(check ?? item ?? '', subject)
  else yield score.map(({ at, ...point }) => ({ week_to: at, of: 'score', team, ...none, ...point }))
}
