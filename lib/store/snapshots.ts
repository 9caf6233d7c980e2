import type { TakenSnapshot } from '../crawl/crawl-store.ts'
import { partOf } from '../crawl/paths.ts'
import { AppError } from '../errors.ts'
import type {
  FileMode,
  Release,
  ResolvedRef,
  Settings,
  Snapshot,
  SourceFile,
  TreeEntry,
  Unread,
} from '../snapshot/snapshot.ts'
import { calledFiles } from './called-files.ts'
import { decompress } from './compression.ts'
import type { Database, Session } from './database.ts'
import { storableJson } from './text.ts'

/**
 * Keeps a snapshot and makes its commit the repository's. A look that found exactly what the one before it found is that
 * one (`isNew` false), so that a run that is resumed doubles nothing. Call it inside a transaction.
 */
export async function saveSnapshot(tx: Session, snapshot: TakenSnapshot): Promise<{ id: number; isNew: boolean }> {
  const { repositoryId, headOid, treeOid, takenAt } = snapshot
  const facts = {
    unread: storableJson(snapshot.unread),
    refs: storableJson(snapshot.refs),
    ...(snapshot.releases === null ? {} : { releases: storableJson(snapshot.releases) }),
    ...(snapshot.settings === null ? {} : { settings: storableJson(snapshot.settings) }),
  }
  // The repository's row is the lock: two savers of one repository come one after the other.
  await tx.repository.update({ where: { id: repositoryId }, data: { headOid, treeOid } })
  const [last] = await tx.$queryRaw<{ id: number; same: boolean }[]>`
    SELECT "id", "headOid" = ${headOid} AND "treeOid" = ${treeOid} AND "unread" = ${JSON.stringify(facts.unread)}::jsonb
      AND "refs" = ${JSON.stringify(facts.refs)}::jsonb
      AND "releases" IS NOT DISTINCT FROM ${jsonOrNull(facts.releases)}::jsonb
      AND "settings" IS NOT DISTINCT FROM ${jsonOrNull(facts.settings)}::jsonb AS "same"
    FROM "Snapshot" WHERE "repositoryId" = ${repositoryId} ORDER BY "id" DESC LIMIT 1`
  if (last?.same) return { id: last.id, isNew: false }
  const { id } = await tx.snapshot.create({
    data: { repositoryId, headOid, treeOid, takenAt, ...facts },
    select: { id: true },
  })
  return { id, isNew: true }
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** Where a stored snapshot belongs. */
export type StoredSnapshot = { id: number; repositoryId: bigint; headOid: string; snapshot: Snapshot }

/** A stored snapshot as the checks read it. At most three queries. Throws AppError `not-found`. */
export async function loadSnapshot(db: Database, id: number): Promise<StoredSnapshot> {
  const stored = await db.snapshot.findUnique({
    where: { id },
    include: { tree: true, repository: { select: { name: true, org: { select: { id: true, login: true } } } } },
  })
  if (stored === null) throw new AppError('not-found', `There is no snapshot ${id}.`)
  const { org, name } = stored.repository
  const { files, unread } = await loadFiles(db, stored.treeOid)
  return {
    id,
    repositoryId: stored.repositoryId,
    headOid: stored.headOid,
    snapshot: {
      repository: `${org.login}/${name}`,
      commit: stored.headOid,
      tree: JSON.parse(decompress(stored.tree.entries)) as TreeEntry[],
      files,
      leftOut: stored.tree.leftOut as { files: number; reason: string }[],
      unread: [...(stored.tree.unread as Unread[]), ...(stored.unread as Unread[]), ...unread],
      releases: stored.releases as Release[] | null,
      settings: stored.settings as Settings | null,
      refs: new Map(Object.entries(stored.refs as Record<string, ResolvedRef>)),
      called: await calledFiles(db, org, files),
    },
  }
}

type FileRow = { path: string; mode: FileMode; oid: string; content: Uint8Array | null; unread: string | null }

async function loadFiles(db: Database, treeOid: string): Promise<{ files: Map<string, SourceFile>; unread: Unread[] }> {
  const rows = await db.$queryRaw<FileRow[]>`
    SELECT f."path", f."mode", f."blobOid" AS "oid", b."content", b."unread"
    FROM "RepositoryFile" f LEFT JOIN "Blob" b ON b."oid" = f."blobOid"
    WHERE f."treeOid" = ${treeOid} ORDER BY f."id"`
  const files = new Map<string, SourceFile>()
  const unread: Unread[] = []
  for (const { path, mode, oid, content, unread: reason } of rows) {
    if (content !== null) files.set(path, { path, mode, oid, text: decompress(content) })
    else unread.push({ part: partOf(path), path, reason: reason ?? 'Its content could not be fetched.' })
  }
  return { files, unread }
}
