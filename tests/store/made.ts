import type { Scope } from '#lib/api/frame.ts'
import type { ListedRepository } from '#lib/crawl/source.ts'
import type { CheckResult, ReportedFinding, ScanReport } from '#lib/scan.ts'
import { unpack } from '#lib/snapshot/packed.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'
import { saveBlobs } from '#lib/store/blobs.ts'
import { type Database, inTransaction } from '#lib/store/database.ts'
import { type Org, saveOrg } from '#lib/store/orgs.ts'
import { saveAbsences, saveListed } from '#lib/store/repositories.ts'
import { loadSnapshots, type StoredSnapshot, saveSnapshots } from '#lib/store/snapshots.ts'
import { saveTrees } from '#lib/store/trees.ts'

/** Days of a fixed calendar. */
export function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number))
}

/** Forty digits that stand for an oid, different for every seed. */
export function oid(seed: string): string {
  return Buffer.from(seed.padEnd(20, '.')).toString('hex').slice(0, 40)
}

export function listed(id: number, name: string, more: Partial<ListedRepository> = {}): ListedRepository {
  return {
    id: BigInt(id),
    nodeId: `R_${id}`,
    name,
    visibility: 'public',
    archived: false,
    fork: false,
    empty: false,
    defaultBranch: 'main',
    pushedAt: day(1),
    topics: ['one', 'two'],
    primaryLanguage: 'TypeScript',
    headOid: oid(`head ${id}`),
    treeOid: oid(`tree ${id}`),
    released: false,
    ...more,
  }
}

/** A listing as it is kept: what was listed, then what the absence of others means. */
export async function saveListing(
  db: Database,
  listing: { orgId: number; repositories: readonly ListedRepository[]; complete: boolean; now: Date },
): Promise<void> {
  const { orgId, repositories, complete, now: at } = listing
  await saveListed(db, orgId, repositories)
  await saveAbsences(db, { orgId, ids: repositories.map(({ id }) => id), complete, now: at })
}

export async function makeOrg(db: Database, repositories: readonly ListedRepository[]): Promise<Org> {
  const org = await saveOrg(db, {
    login: 'acme',
    apiUrl: 'https://api.example',
    webUrl: 'https://example',
    demo: false,
  })
  await saveListing(db, { orgId: org.id, repositories, complete: true, now: day(1) })
  return org
}

/** The whole organisation, as who was trusted with all of it sees it. */
export function whole({ id: orgId }: Pick<Org, 'id'>): Scope {
  return { orgId, sees: { all: true } }
}

/** Saves blobs, tree and snapshot of a repository that holds these files. Returns the snapshot's id. */
export async function crawl(
  db: Database,
  repositoryId: number,
  commit: string,
  files: Readonly<Record<string, string>>,
): Promise<number> {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    mode: '100644' as const,
    oid: oid(text),
    size: 1,
  }))
  const blobs = Object.values(files).map(text => ({
    oid: oid(text),
    size: 1,
    binary: false,
    content: text,
    unread: null,
  }))
  await saveBlobs(db, blobs, day(1))
  const treeOid = oid(`tree of ${commit}`)
  const tree = { oid: treeOid, entries, folders: [], complete: true, leftOut: [], unread: [], files: entries }
  await saveTrees(db, [tree], day(1))
  const snapshot = {
    repositoryId: BigInt(repositoryId),
    headOid: oid(commit),
    treeOid,
    takenAt: day(1),
    unread: [],
    releases: null,
    settings: null,
    refs: {},
  }
  const [saved] = await inTransaction(db, tx => saveSnapshots(tx, [snapshot]))
  return saved?.id ?? 0
}

/** One stored snapshot, as a check reads it. */
export async function loaded(db: Database, id: number): Promise<StoredSnapshot & { snapshot: Snapshot }> {
  for await (const [one] of loadSnapshots(db, [id]))
    if (one !== undefined) return { ...one, snapshot: unpack(one.packed) }
  throw new Error(`There is no snapshot ${id}.`)
}

export function finding(fingerprint: string, more: Partial<ReportedFinding> = {}): ReportedFinding {
  const evidence = { path: 'a.yml', startLine: 3, endLine: 3, excerpt: 'uses: a/b@v1' }
  return { message: `Pin ${fingerprint}`, evidence, weight: 1, fingerprint, ...more }
}

export function result(id: string, findings: ReportedFinding[], more: Partial<CheckResult> = {}): CheckResult {
  const outcome = findings.length > 0 ? 'fail' : 'pass'
  const value = findings.length > 0 ? 0 : 1
  return { id, item: 'pin-actions', version: 1, outcome, examined: 4, value, findings, notes: [], ...more }
}

export function report(checks: CheckResult[], more: Partial<ScanReport> = {}): ScanReport {
  return {
    repository: 'acme/one',
    commit: oid('c1'),
    scannedAt: day(1).toISOString(),
    checklistVersion: 'v1',
    policyHash: 'p1',
    score: 50,
    grade: 'D',
    itemsMet: 0,
    itemsApplied: 1,
    hardening: null,
    items: [],
    checks,
    inventory: { packages: [], actions: [] },
    leftOut: [],
    couldNotRead: [],
    ...more,
  }
}
