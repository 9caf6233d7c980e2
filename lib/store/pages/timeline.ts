import type { Scope } from '../../api/frame.ts'
import type { Change, ChangedEntry, Changes, TimelineEntry } from '../../api/scorecard.ts'
import type { Database } from '../database.ts'
import { visibleNamed } from '../visible.ts'

const SHOWN = 40
const SHOWN_WITH_FINDINGS = 20
const FINDINGS_EACH = 50

type Row = Omit<TimelineEntry, 'checklistChanged' | 'policyChanged'> & {
  checklistVersion: string
  versionBefore: string | null
  policyHash: string
  policyBefore: string | null
}

/** The repository's scans, newest first, each with how many findings it was the first to see or to miss. One query. */
export async function readTimeline(db: Database, repositoryId: bigint): Promise<TimelineEntry[]> {
  return readEntries(db, repositoryId, SHOWN, null)
}

/** The history with the findings themselves, a page at a time. Three queries. Null where there is no such repository. */
export async function readChanges(
  db: Database,
  scope: Scope,
  name: string,
  before: Date | null,
): Promise<Changes | null> {
  const repository = await db.repository.findFirst({ where: visibleNamed(scope, name), select: { id: true } })
  if (repository === null) return null
  const entries = await readEntries(db, repository.id, SHOWN_WITH_FINDINGS + 1, before)
  const shown = entries.slice(0, SHOWN_WITH_FINDINGS)
  return { name, entries: await withFindings(db, repository.id, shown), more: entries.length > shown.length }
}

async function readEntries(
  db: Database,
  repositoryId: bigint,
  limit: number,
  before: Date | null,
): Promise<TimelineEntry[]> {
  const rows = await db.$queryRaw<Row[]>`
    with ordered as (
      select s.*, lag(s."checklistVersion") over history as "versionBefore", lag(s."policyHash") over history as "policyBefore",
        lag(s."waivedFindings") over history as "waivedBefore"
      from "Scan" s where s."repositoryId" = ${repositoryId}
      window history as (order by s."scannedAt", s.id)),
    newest as (
      select * from ordered where ${before}::timestamptz is null or "scannedAt" < ${before}
      order by "scannedAt" desc, id desc limit ${limit}),
    opened as (select "firstSeen" as at, count(*)::int as count from "Finding"
      where "repositoryId" = ${repositoryId} group by "firstSeen"),
    fixed as (select "fixedAt" as at, count(*)::int as count from "Finding"
      where "repositoryId" = ${repositoryId} and "fixedAt" is not null group by "fixedAt")
    select n.id, n."scannedAt" as at, p."headOid" as commit, n.score, n.grade, n."itemsMet", n."itemsApplied",
      n."waivedFindings" as waived, n."waivedBefore", n."checklistVersion", n."versionBefore", n."policyHash", n."policyBefore",
      coalesce(o.count, 0) as opened, coalesce(f.count, 0) as fixed,
      (select count(*)::int from "Finding" l where l."repositoryId" = ${repositoryId} and l."firstSeen" < n."scannedAt"
        and (l."fixedAt" is null or l."fixedAt" > n."scannedAt")) as still
    from newest n join "Snapshot" p on p.id = n."snapshotId"
    left join opened o on o.at = n."scannedAt" left join fixed f on f.at = n."scannedAt"
    order by n."scannedAt" desc, n.id desc`
  return rows.map(({ checklistVersion, versionBefore, policyHash, policyBefore, ...row }) => ({
    ...row,
    checklistChanged: versionBefore !== null && versionBefore !== checklistVersion,
    policyChanged: policyBefore !== null && policyBefore !== policyHash,
  }))
}

async function withFindings(db: Database, repositoryId: bigint, entries: TimelineEntry[]): Promise<ChangedEntry[]> {
  const times = entries.map(entry => entry.at)
  const rows = await db.$queryRaw<(Change & { at: Date; opened: boolean })[]>`
    select at, opened, "checkId", fingerprint, path, "startLine", message from (
      select change.*, row_number() over (partition by at, opened order by "checkId", path, "startLine", fingerprint) as place from (
        select f."firstSeen" as at, true as opened, f."checkId", f.fingerprint, f.path, f."startLine", f.message
        from "Finding" f where f."repositoryId" = ${repositoryId} and f."firstSeen" = any(${times}::timestamptz[])
        union all
        select f."fixedAt", false, f."checkId", f.fingerprint, f.path, f."startLine", f.message
        from "Finding" f where f."repositoryId" = ${repositoryId} and f."fixedAt" = any(${times}::timestamptz[])) change) ranked
    where place <= ${FINDINGS_EACH} order by at desc, opened, place`
  const at = (entry: TimelineEntry, opened: boolean): Change[] =>
    rows
      .filter(row => row.opened === opened && row.at.getTime() === entry.at.getTime())
      .map(({ at: _, opened: __, ...change }) => change)
  return entries.map(entry => ({ ...entry, openedHere: at(entry, true), fixedHere: at(entry, false) }))
}
