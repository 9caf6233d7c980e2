import { ITEMS, SECTIONS } from '#lib/check.ts'
import type { Database } from '#lib/store/database.ts'

export type Size = { repos: number; checks: number; scans: number; days: number; findings: number }

const PARTS = [...ITEMS, ...SECTIONS].map(part => part.id)

/**
 * Fills an empty store with an organisation of that size: every repository was judged `scans` times over the days, more
 * of it passes each time, and the open findings are spread over all of them. The same size makes the same store.
 */
export async function fillStore(db: Database, size: Size, now: Date): Promise<{ orgId: number; check: string }> {
  const { repos, checks, scans, days, findings } = size
  await db.$executeRaw`insert into "Org" (id, login, "apiUrl", "webUrl") values (1, 'made-up', 'http://api', 'http://web')`
  await db.$executeRaw`
    insert into "CrawlRun" (id, "orgId", kind, state, "startedAt", "finishedAt", total) values (1, 1, 'sweep', 'done', ${now}, ${now}, ${repos})`
  await db.$executeRaw`
    insert into "Repository" (id, "orgId", "nodeId", name, visibility, archived, fork, empty, "defaultBranch", "pushedAt",
      topics, "primaryLanguage", teams, outcome, "crawledAt")
    select r, 1, 'R_' || r, 'service-' || r, case when r % 3 = 0 then 'public' else 'private' end, r % 50 = 0, r % 40 = 0, false,
      'main', ${now}::timestamptz - r * interval '1 minute', array['topic-' || r % 60, 'tier-' || r % 4],
      (array['TypeScript', 'Go', 'Python', 'Java', 'Rust'])[1 + r % 5], array['team-' || r % 40], 'ok', ${now}
    from generate_series(1, ${repos}::int) r`
  await db.$executeRaw`insert into "Tree" (oid, entries, count, complete, unread) values ('tree', '', 0, true, '[]')`
  await db.$executeRaw`
    insert into "Snapshot" (id, "repositoryId", "headOid", "treeOid", "takenAt", unread, refs)
    select (r - 1) * ${scans}::int + k, r, md5(r || ' ' || k) || '00000000', 'tree',
      ${now}::timestamptz - (${days}::float8 * (${scans}::int - k + (r % 97) / 97.0) / ${scans}::int) * interval '1 day', '[]', '{}'
    from generate_series(1, ${repos}::int) r, generate_series(1, ${scans}::int) k`
  await db.$executeRaw`
    insert into "Scan" (id, "repositoryId", "snapshotId", "scannedAt", "checklistVersion", "policyHash", score, grade, "itemsMet",
      "itemsApplied", hardening, "openFindings", items, "leftOut", "couldNotRead")
    select id, "repositoryId", id, "takenAt", case when "takenAt" > ${now}::timestamptz - interval '100 days' then 'v2' else 'v1' end,
      'p1', score, case when score >= 90 then 'A' when score >= 75 then 'B' when score >= 60 then 'C' when score >= 40 then 'D' else 'F' end,
      score / 17, 6, score * 0.7, ${Math.ceil(findings / repos)}::int, '[]', '[]', '[]'
    from (select p.*, least(100, (("repositoryId" * 37) % 50) + 50 * ((id - 1) % ${scans}::int + 1) / ${scans}::int)::int as score
      from "Snapshot" p) p`
  for (let check = 0; check < checks; check++) {
    await db.$executeRaw`
      insert into "CheckResult" ("scanId", "checkId", item, version, outcome, examined, failing, value, notes)
      select id, ${`check-${check}`}, ${PARTS[check % PARTS.length] ?? ''}, 1, outcome, 4, case outcome when 'fail' then 2 else 0 end,
        case outcome when 'pass' then 1 when 'fail' then 0.5 end, '{}'
      from (select id, case when luck < 10 then 'not-applicable' when luck < 12 then 'unknown'
          when luck < 40 + 40 * ((id - 1) % ${scans}::int) / ${scans}::int then 'pass' else 'fail' end as outcome
        from (select id, ("repositoryId" * 7919 + ${check * 104_729}::bigint) % 100 as luck from "Scan") s) s`
  }
  await db.$executeRaw`
    insert into "Finding" ("repositoryId", "checkId", fingerprint, path, "startLine", "endLine", excerpt, message, weight,
      "firstSeen", "firstCommit", "lastSeen", "fixedAt")
    select 1 + f % ${repos}::int, 'check-' || (f / ${repos}::int) % ${checks}::int, md5(f::text), '.github/workflows/ci-' || f % 7 || '.yml',
      1 + f % 90, 1 + f % 90, '      - uses: actions/checkout@v4', 'The action ' || chr(96) || 'actions/checkout' || chr(96) || ' is pinned to a tag.', 1,
      ${now}::timestamptz - (f % ${days}::int) * interval '1 day' - interval '1 day', md5(f::text), ${now},
      case when f > ${findings}::int then ${now}::timestamptz - (f % ${days}::int) * interval '12 hours' end
    from generate_series(1, ${findings}::int * 4 / 3) f`
  await db.$executeRaw`update "Repository" set "latestScanId" = id * ${scans}::int`
  await db.$executeRawUnsafe('analyze')
  return { orgId: 1, check: 'check-0' }
}

/** Trees of three hundred paths and eight taken files each, half of the files shared, as large as such things are. */
export async function fillContent(db: Database, repos: number, now: Date): Promise<void> {
  await db.$executeRaw`
    insert into "Tree" (oid, entries, folders, count, complete, unread, "fetchedAt")
    select md5('tree ' || r) || '00000000', decode(repeat(md5(r::text) || md5('b' || r), 280), 'hex'), '', 300, true, '[]', ${now}
    from generate_series(1, ${repos}::int) r`
  await db.$executeRaw`
    insert into "Blob" (oid, size, "binary", content, "fetchedAt")
    select md5('blob ' || b) || '00000000', 9000, false, decode(repeat(md5(b::text) || md5('b' || b), 90), 'hex'), ${now}
    from generate_series(1, ${repos}::int * 4) b`
  await db.$executeRaw`
    insert into "RepositoryFile" ("treeOid", path, mode, "blobOid")
    select md5('tree ' || r) || '00000000', '.github/workflows/ci-' || f || '.yml', '100644',
      md5('blob ' || case when f < 4 then 1 + (r * 7 + f) % 100 else (r - 1) * 4 + f - 3 end) || '00000000'
    from generate_series(1, ${repos}::int) r, generate_series(0, 7) f`
  await db.$executeRaw`update "Repository" set "treeOid" = md5('tree ' || id) || '00000000'`
  await db.$executeRawUnsafe('analyze')
}
