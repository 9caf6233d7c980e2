import type { TimelineEntry } from '../../api/scorecard.ts'
import type { Database } from '../database.ts'

const SHOWN = 40

type Row = Omit<TimelineEntry, 'checklistChanged'> & { checklistVersion: string; versionBefore: string | null }

/** The repository's scans, newest first, each with how many findings it was the first to see or to miss. One query. */
export async function readTimeline(db: Database, repositoryId: bigint): Promise<TimelineEntry[]> {
  const rows = await db.$queryRaw<Row[]>`
    with newest as (
      select s.*, lag(s."checklistVersion") over (order by s."scannedAt", s.id) as "versionBefore"
      from "Scan" s where s."repositoryId" = ${repositoryId}
      order by s."scannedAt" desc, s.id desc limit ${SHOWN}),
    opened as (select "firstSeen" as at, count(*)::int as count from "Finding"
      where "repositoryId" = ${repositoryId} group by "firstSeen"),
    fixed as (select "fixedAt" as at, count(*)::int as count from "Finding"
      where "repositoryId" = ${repositoryId} and "fixedAt" is not null group by "fixedAt")
    select n."scannedAt" as at, p."headOid" as commit, n.score, n.grade, n."itemsMet", n."itemsApplied",
      n."checklistVersion", n."versionBefore", coalesce(o.count, 0) as opened, coalesce(f.count, 0) as fixed
    from newest n join "Snapshot" p on p.id = n."snapshotId"
    left join opened o on o.at = n."scannedAt" left join fixed f on f.at = n."scannedAt"
    order by n."scannedAt" desc, n.id desc`
  return rows.map(({ checklistVersion, versionBefore, ...row }) => ({
    ...row,
    checklistChanged: versionBefore !== null && versionBefore !== checklistVersion,
  }))
}
