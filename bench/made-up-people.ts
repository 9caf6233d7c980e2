/** Who works with a made-up store: members and their keys, what they waived and demanded, the runs, and the log of it all. */
import { policyFor } from '#lib/policy/document.ts'
import { policyHash } from '#lib/policy/policy.ts'
import { readSavedPolicy } from '#lib/policy/read-policy.ts'
import { appendAudit } from '#lib/store/audit.ts'
import { type Database, inTransaction } from '#lib/store/database.ts'

const RUNS = 100
const POLICIES = 20

/** `acts`: rows of the audit log. */
type People = { repos: number; people?: number; acts?: number }

const POLICY = `version: 1
checks:
  check-1: { weight: 2 }
groups:
  - name: Tier 1
    match: { topics: [tier-1] }
    items: { sign-releases: 3 }
  - name: Platform
    match: { teams: [team-1, team-2] }
    longest-waiver-days: 30
`

/** `member`: one who sees every third repository, which is public, and half of the private ones. */
export async function fillPeople(
  db: Database,
  { repos, people = 300, acts = 3_000 }: People,
  now: Date,
): Promise<{ member: string }> {
  await db.$executeRaw`
    insert into "User" (id, name, email, role, "updatedAt") select 'user-' || u, 'Person ' || u, 'user-' || u || '@made-up.example',
      case when u < 3 then 'owner' else 'maintainer' end, ${now} from generate_series(1, ${people}::int) u`
  await db.$executeRaw`
    insert into "Session" (id, token, "userId", "expiresAt", "updatedAt")
    select 's-' || u, 't-' || u, 'user-' || u, ${now}::timestamptz + interval '7 days', ${now} from generate_series(1, ${people}::int) u`
  await db.$executeRaw`
    insert into "RepositoryAccess" ("userId", "repositoryId") select 'user-' || u, r.id from generate_series(3, 10) u, "Repository" r
    where r.visibility <> 'public' and r.id % 2 = 0`
  await db.$executeRaw`
    insert into "ApiKey" (id, hash, start, name, "userId", scopes, "createdAt", "expiresAt")
    select 'k-' || k, md5(k::text), 'plb_' || k, 'Key ' || k, 'user-3', '{read}', ${now}, ${now}::timestamptz + interval '90 days'
    from generate_series(1, 20) k`
  await db.$executeRaw`insert into "Capability" ("orgId", name, state, "checkedAt")
    select 1, 'Capability ' || c, case when c % 4 = 0 then 'denied' else 'ok' end, ${now} from generate_series(1, 12) c`
  await fillRuns(db, now)
  await fillPolicies(db, now)
  await fillWaivers(db, people, now)
  await fillAudit(db, { people, acts }, now)
  await db.$executeRaw`
    insert into "PolicyTrial" (id, "orgId", text, "basedOn", "askedAt", "askedBy", state, total, done, moved)
    select 1, 1, ${POLICY}, ${POLICIES}::int, ${now}, 'user-1', 'done', ${repos}::int, ${repos}::int, jsonb_agg(jsonb_build_object('name', r.name,
      'before', jsonb_build_object('score', 50, 'hardening', 40, 'grade', 'D'), 'after', jsonb_build_object('score', 61, 'hardening', 40, 'grade', 'C')))
    from "Repository" r where r.id % 3 = 0`
  await db.$executeRawUnsafe('analyze')
  return { member: 'user-3' }
}

/** Polls of some pushes each, and a sweep over everything as the newest but one. */
async function fillRuns(db: Database, now: Date): Promise<void> {
  await db.$executeRaw`
    insert into "CrawlRun" (id, "orgId", kind, state, "startedAt", "finishedAt", total)
    select 1 + c, 1, case when c = ${RUNS - 1}::int then 'sweep' else 'poll' end, 'done', ${now}::timestamptz - (${RUNS}::int - c) * interval '15 minutes',
      ${now}::timestamptz - (${RUNS}::int - c) * interval '14 minutes',
      case when c = ${RUNS - 1}::int then (select count(*) from "Repository") else 50 end from generate_series(1, ${RUNS}::int) c`
  await db.$executeRaw`
    insert into "CrawlOutcome" ("runId", "repositoryId", name, outcome, at)
    select run.id, r.id, r.name, case when run.kind = 'sweep' then 'unchanged' else 'ok' end, ${now}
    from "CrawlRun" run join "Repository" r on run.kind = 'sweep' or (r.id + run.id) % 200 = 0`
}

/** The latest scans are by the newest of them. */
async function fillPolicies(db: Database, now: Date): Promise<void> {
  await db.$executeRaw`
    insert into "PolicyVersion" ("orgId", number, text, "savedAt", "savedBy", "savedName", note, moved)
    select 1, v, '# Version ' || v || ${`\n${POLICY}`}, ${now}::timestamptz - (${POLICIES}::int - v) * interval '20 days', 'user-1', 'Person 1', 'Because.', 100
    from generate_series(1, ${POLICIES}::int) v`
  const document = readSavedPolicy(POLICY)
  const kinds = await db.$queryRaw<{ topics: string[]; teams: string[]; visibility: string }[]>`
    select distinct topics, teams, visibility from "Repository"`
  const hashes = Map.groupBy(kinds, kind => policyHash(policyFor(document, { ...kind, properties: {} })))
  for (const [hash, own] of hashes) {
    const keys = own.map(({ topics, teams, visibility }) => [topics.join(), teams.join(), visibility].join(' '))
    await db.$executeRaw`
      update "Scan" s set "policyHash" = ${hash} from "Repository" r where r."latestScanId" = s.id
        and array_to_string(r.topics, ',') || ' ' || array_to_string(r.teams, ',') || ' ' || r.visibility = any(${keys})`
  }
}

/** Over every hundredth open finding: of ten, six are in force, and one each is asked for, refused, revoked and over. */
async function fillWaivers(db: Database, people: number, now: Date): Promise<void> {
  await db.$executeRaw`
    insert into "Waiver" (id, "repositoryId", scope, "checkId", fingerprint, subject, reason, words, state, "askedAt", "askedBy", "askedName",
      "decidedAt", "decidedName", until, laid)
    select f.place, f."repositoryId", case when f.place % 9 = 0 then 'check' else 'finding' end, f."checkId", f.fingerprint, f.path, 'fix-planned',
      'It is mended with the next release of the platform.',
      case f.place % 10 when 0 then 'asked' when 1 then 'refused' when 2 then 'revoked' else 'granted' end,
      ${now}::timestamptz - f.place % 60 * interval '1 day', 'user-' || 1 + f.place % ${people}::int, 'Person ' || 1 + f.place % ${people}::int,
      case when f.place % 10 <> 0 then ${now}::timestamptz - f.place % 50 * interval '1 day' end, case when f.place % 10 <> 0 then 'Person 1' end,
      ${now}::timestamptz + (case when f.place % 10 = 3 then -1 else 1 end) * (1 + f.place % 80) * interval '1 day', f.place % 10 > 3
    from (select f.*, row_number() over (order by id)::int as place from "Finding" f where f."fixedAt" is null and f.id % 100 = 0) f`
  await db.$executeRaw`
    insert into "WaiverEvent" ("waiverId", at, name, what, until, words)
    select w.id, w."askedAt", w."askedName", 'asked', w.until, w.words from "Waiver" w
    union all select w.id, w."decidedAt", w."decidedName", w.state, w.until, '' from "Waiver" w where w."decidedAt" is not null`
  await db.$executeRaw`
    update "Finding" f set "waiverId" = w.id from "Waiver" w where w.state = 'granted' and w.laid and f."fixedAt" is null
      and f."repositoryId" = w."repositoryId" and f."checkId" = w."checkId" and (w.scope = 'check' or f.fingerprint = w.fingerprint)`
}

async function fillAudit(db: Database, { people, acts }: Required<Omit<People, 'repos'>>, now: Date): Promise<void> {
  await inTransaction(db, async tx => {
    for (let row = 0; row < acts; row++) {
      const at = new Date(now.getTime() - (acts - row) * 60_000)
      const [actor, name] = [`user-${row % people}`, `Person ${row % people}`]
      const details = { format: 'csv', filter: `team=team-${row % 40}` }
      await appendAudit(tx, {
        at,
        actor,
        name,
        action: 'export.findings',
        resource: 'findings',
        address: '192.0.2.7',
        details,
      })
    }
  })
}
