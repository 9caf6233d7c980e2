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
      "firstSeen", "firstCommit", "lastSeen", "fixedAt", patch)
    select 1 + f % ${repos}::int, 'check-' || (f / ${repos}::int) % ${checks}::int, md5(f::text), '.github/workflows/ci-' || f % 7 || '.yml',
      1 + f % 90, 1 + f % 90, '      - uses: actions/checkout@v4', 'The action ' || chr(96) || 'actions/checkout' || chr(96) || ' is pinned to a tag.', 1,
      ${now}::timestamptz - (f % ${days}::int) * interval '1 day' - interval '1 day', md5(f::text), ${now},
      case when f > ${findings}::int then ${now}::timestamptz - (f % ${days}::int) * interval '12 hours' end,
      case when f % 2 = 0 then jsonb_build_object('title', 'Pin it', 'safety', case when f % 4 = 0 then 'safe' else 'review' end,
        'diff', repeat(md5(f::text) || chr(10), 12), 'edits', jsonb_build_array(jsonb_build_object('kind', 'replace', 'path',
        '.github/workflows/ci-' || f % 7 || '.yml', 'start', f % 90 * 50, 'end', f % 90 * 50 + 2, 'text', md5(f::text)))) end
    from generate_series(1, ${findings}::int * 4 / 3) f`
  // One after the other, as they came: the trigger keeps the figures of every day.
  for (let scan = 1; scan <= scans; scan++)
    await db.$executeRaw`update "Repository" set "latestScanId" = (id - 1) * ${scans}::int + ${scan}::int`
  await db.$executeRawUnsafe('analyze')
  return { orgId: 1, check: 'check-0' }
}
