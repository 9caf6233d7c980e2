import type { TakenSnapshot } from '../crawl/crawl-store.ts'
import { partOf } from '../crawl/paths.ts'
import type { PackedFile, PackedSnapshot } from '../snapshot/packed.ts'
import type { FileMode, Release, ResolvedRef, Settings, Unread } from '../snapshot/snapshot.ts'
import { calledFiles } from './called-files.ts'
import type { Database, Session } from './database.ts'
import { rowsJson } from './text.ts'

/**
 * Keeps snapshots and makes their commits the repositories', each of which is here once. A look that found exactly what
 * the one before it found is that one (`isNew` false), so that a run that is resumed doubles nothing. Call it inside a
 * transaction. Two queries.
 */
export async function saveSnapshots(
  tx: Session,
  snapshots: readonly TakenSnapshot[],
): Promise<{ id: number; repositoryId: bigint; isNew: boolean }[]> {
  const ids = snapshots.map(({ repositoryId }) => repositoryId)
  // The repositories' rows are the locks, taken in order: two savers of one repository come one after the other.
  await tx.$queryRaw`SELECT "id" FROM "Repository" WHERE "id" = ANY(${ids}::bigint[]) ORDER BY "id" FOR UPDATE`
  return tx.$queryRaw<{ id: number; repositoryId: bigint; isNew: boolean }[]>`
    WITH look AS (
      SELECT * FROM jsonb_to_recordset(${rowsJson(snapshots)}::jsonb) AS l("repositoryId" bigint, "headOid" text,
        "treeOid" text, "takenAt" timestamptz, "unread" jsonb, "releases" jsonb, "settings" jsonb, "refs" jsonb)
    ), moved AS (
      UPDATE "Repository" r SET "headOid" = look."headOid", "treeOid" = look."treeOid" FROM look
      WHERE r."id" = look."repositoryId"
    ), compared AS (
      SELECT look.*, last."id" AS "lastId" FROM look LEFT JOIN LATERAL (
        SELECT s.* FROM "Snapshot" s WHERE s."repositoryId" = look."repositoryId" ORDER BY s."id" DESC LIMIT 1
      ) last ON last."headOid" = look."headOid" AND last."treeOid" = look."treeOid" AND last."unread" = look."unread"
        AND last."refs" = look."refs"
        AND coalesce(last."releases", 'null') = coalesce(look."releases", 'null')
        AND coalesce(last."settings", 'null') = coalesce(look."settings", 'null')
    ), written AS (
      INSERT INTO "Snapshot" ("repositoryId", "headOid", "treeOid", "takenAt", "unread", "releases", "settings", "refs")
      SELECT "repositoryId", "headOid", "treeOid", "takenAt", "unread", nullif("releases", 'null'),
        nullif("settings", 'null'), "refs"
      FROM compared WHERE "lastId" IS NULL ORDER BY "repositoryId"
      RETURNING "id", "repositoryId"
    )
    SELECT "id", "repositoryId", true AS "isNew" FROM written
    UNION ALL SELECT "lastId", "repositoryId", false FROM compared WHERE "lastId" IS NOT NULL`
}

/** Where a stored snapshot belongs; what is in it stays packed, for whoever judges it. */
export type StoredSnapshot = { id: number; repositoryId: bigint; headOid: string; packed: PackedSnapshot }

type Stored = {
  id: number
  repositoryId: bigint
  headOid: string
  treeOid: string
  unread: Unread[]
  releases: Release[] | null
  settings: Settings | null
  refs: Record<string, ResolvedRef>
  name: string
  orgId: number
  login: string
  entries: Uint8Array
  leftOut: { files: number; reason: string }[]
  treeUnread: Unread[]
}

/** What is held at once: snapshots of giant repositories come one by one, those of small ones by the hundred. */
const MAX_BYTES = 16 * 1024 * 1024
const MAX_ENTRIES = 60_000

/** Stored snapshots, in groups of bounded size; one that is not there is left out. */
export async function* loadSnapshots(db: Database, ids: readonly number[]): AsyncGenerator<StoredSnapshot[]> {
  const sizes = await db.$queryRaw<{ id: number; count: number; bytes: number }[]>`
    SELECT s."id", t."count", coalesce((
      SELECT sum(b."size") FROM "RepositoryFile" f JOIN "Blob" b ON b."oid" = f."blobOid" WHERE f."treeOid" = t."oid"
    ), 0)::float AS "bytes"
    FROM "Snapshot" s JOIN "Tree" t ON t."oid" = s."treeOid" WHERE s."id" = ANY(${ids}::int[]) ORDER BY s."id"`
  for (let at = 0; at < sizes.length; ) {
    const group: number[] = []
    for (let bytes = 0, entries = 0; at < sizes.length; at += 1) {
      const next = sizes[at]
      if (next === undefined) break
      bytes += next.bytes
      entries += next.count
      if (group.length > 0 && (bytes > MAX_BYTES || entries > MAX_ENTRIES)) break
      group.push(next.id)
    }
    yield await loadGroup(db, group)
  }
}

async function loadGroup(db: Database, ids: readonly number[]): Promise<StoredSnapshot[]> {
  const stored = await db.$queryRaw<Stored[]>`
    SELECT s."id", s."repositoryId", s."headOid", s."treeOid", s."unread", s."releases", s."settings", s."refs", r."name",
      o."id" AS "orgId", o."login", t."entries", t."leftOut", t."unread" AS "treeUnread"
    FROM "Snapshot" s JOIN "Repository" r ON r."id" = s."repositoryId" JOIN "Org" o ON o."id" = r."orgId"
    JOIN "Tree" t ON t."oid" = s."treeOid" WHERE s."id" = ANY(${ids}::int[]) ORDER BY s."id"`
  const read = await loadFiles(db, [...new Set(stored.map(({ treeOid }) => treeOid))])
  const none: Read = { files: [], unread: [] }
  const calls = stored.map(({ orgId, login, treeOid }) => ({
    org: { id: orgId, login },
    files: (read.get(treeOid) ?? none).files,
  }))
  const called = await calledFiles(db, calls)
  return stored.map(({ id, repositoryId, headOid, ...one }, index) => {
    const { files, unread } = read.get(one.treeOid) ?? none
    const facts = {
      repository: `${one.login}/${one.name}`,
      commit: headOid,
      leftOut: one.leftOut,
      unread: [...one.treeUnread, ...one.unread, ...unread],
      releases: one.releases,
      settings: one.settings,
      refs: Object.entries(one.refs),
      called: [...(called[index] ?? [])],
    }
    return { id, repositoryId, headOid, packed: { facts, tree: one.entries, files } }
  })
}

type FileRow = {
  treeOid: string
  path: string
  mode: FileMode
  oid: string
  size: number | null
  unread: string | null
}
type Read = { files: PackedFile[]; unread: Unread[] }

/** By tree; one without taken files is absent. Files that companies copy from repository to repository are fetched once. */
async function loadFiles(db: Database, treeOids: readonly string[]): Promise<Map<string, Read>> {
  const rows = await db.$queryRaw<FileRow[]>`
    SELECT f."treeOid", f."path", f."mode", f."blobOid" AS "oid", b."size", b."unread"
    FROM "RepositoryFile" f LEFT JOIN "Blob" b ON b."oid" = f."blobOid"
    WHERE f."treeOid" = ANY(${treeOids}) ORDER BY f."id"`
  const contents = await loadContents(db, [...new Set(rows.map(({ oid }) => oid))])
  const read = new Map<string, Read>()
  for (const { treeOid, path, mode, oid, size, unread: reason } of rows) {
    const ofTree: Read = read.get(treeOid) ?? { files: [], unread: [] }
    read.set(treeOid, ofTree)
    const content = contents.get(oid)
    if (content !== undefined) ofTree.files.push({ path, mode, oid, size: size ?? 0, content })
    else ofTree.unread.push({ part: partOf(path), path, reason: reason ?? 'Its content could not be fetched.' })
  }
  return read
}

async function loadContents(db: Database, oids: readonly string[]): Promise<Map<string, Uint8Array>> {
  const rows = await db.$queryRaw<{ oid: string; content: Uint8Array }[]>`
    SELECT "oid", "content" FROM "Blob" WHERE "oid" = ANY(${oids}) AND "content" IS NOT NULL`
  return new Map(rows.map(({ oid, content }) => [oid, content]))
}
