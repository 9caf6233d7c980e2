import type { CrawledTree } from '../crawl/crawl-store.ts'
import type { TreeBefore } from '../crawl/source.ts'
import { compress, decompress } from '../snapshot/compression.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'
import { notedBefore } from './unheld.ts'

/**
 * Those of `oids` that are stored whole; from now on they stay for a week, held or not. One that the host cut short is
 * asked for again. One query.
 */
export async function knownTrees(db: Database, oids: readonly string[], now: Date): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ oid: string }[]>`
    WITH asked AS MATERIALIZED (
      SELECT "oid", "fetchedAt" < ${notedBefore(now)}::timestamptz AS "old" FROM "Tree"
      WHERE "oid" = ANY(${oids}) AND "complete"
    ), locked AS MATERIALIZED (
      SELECT t."oid" FROM "Tree" t JOIN asked ON asked."oid" = t."oid" AND asked."old" ORDER BY t."oid" FOR UPDATE OF t
    ), noted AS (
      UPDATE "Tree" SET "fetchedAt" = ${now}::timestamptz FROM locked WHERE "Tree"."oid" = locked."oid" RETURNING "Tree"."oid"
    )
    SELECT "oid" FROM asked WHERE NOT "old" UNION ALL SELECT "oid" FROM noted`
  return new Set(rows.map(row => row.oid))
}

/**
 * Keeps trees and the lists of their taken files, all of them or none. A tree that is known whole stays as it is; one that
 * was known in part is replaced by what could be read now. One query.
 */
export async function saveTrees(db: Database, trees: readonly CrawledTree[], now: Date): Promise<void> {
  const distinct = new Map(trees.map(tree => [tree.oid, tree]))
  // In the order of their oids, so that two writers of overlapping batches wait for each other and never deadlock.
  const sorted = [...distinct.values()].sort((a, b) => (a.oid < b.oid ? -1 : 1))
  const oids = sorted.map(({ oid }) => oid)
  const entries = sorted.map(tree => compress(JSON.stringify(tree.entries)))
  const folders = sorted.map(tree => compress(JSON.stringify(tree.folders)))
  const facts = rowsJson(
    sorted.map(({ entries: listed, complete, leftOut, unread }) => ({
      count: listed.length,
      complete,
      leftOut,
      unread,
    })),
  )
  const files = rowsJson(
    sorted.flatMap(tree => tree.files.map(({ path, mode, oid }) => ({ tree: tree.oid, path, mode, oid }))),
  )
  // One statement, so one round trip: the files follow only where their tree was written.
  await db.$executeRaw`
    WITH written AS (
      INSERT INTO "Tree" ("oid", "entries", "folders", "count", "complete", "leftOut", "unread", "fetchedAt")
      SELECT t."oid", t."entries", t."folders", (f."row"->>'count')::int, (f."row"->>'complete')::boolean, f."row"->'leftOut',
        f."row"->'unread', ${now}::timestamptz
      FROM unnest(${oids}::text[], ${entries}::bytea[], ${folders}::bytea[])
        WITH ORDINALITY AS t("oid", "entries", "folders", "at")
      JOIN jsonb_array_elements(${facts}::jsonb) WITH ORDINALITY AS f("row", "at") USING ("at")
      ORDER BY t."oid"
      ON CONFLICT ("oid") DO UPDATE SET "entries" = EXCLUDED."entries", "folders" = EXCLUDED."folders",
        "count" = EXCLUDED."count",
        "complete" = EXCLUDED."complete", "leftOut" = EXCLUDED."leftOut", "unread" = EXCLUDED."unread",
        "fetchedAt" = EXCLUDED."fetchedAt"
      WHERE NOT "Tree"."complete"
      RETURNING "oid"
    ), cleared AS (
      DELETE FROM "RepositoryFile" WHERE "treeOid" IN (SELECT "oid" FROM written)
    )
    INSERT INTO "RepositoryFile" ("treeOid", "path", "mode", "blobOid")
    SELECT f."tree", f."path", f."mode", f."oid"
    FROM jsonb_to_recordset(${files}::jsonb) AS f("tree" text, "path" text, "mode" text, "oid" text)
    WHERE f."tree" IN (SELECT "oid" FROM written)`
}

/** How many entries of trees before are held at once. */
const MOST_BEFORE = 150_000

/** These trees, as far as they are stored whole with their folders, until so many entries are held. One query. */
export async function treesBefore(db: Database, oids: readonly string[]): Promise<Map<string, TreeBefore>> {
  const rows = await db.$queryRaw<{ oid: string; entries: Uint8Array; folders: Uint8Array }[]>`
    SELECT t."oid", t."entries", t."folders" FROM (
      SELECT "oid", "entries", "folders", sum("count") OVER (ORDER BY "count", "oid") AS "held"
      FROM "Tree" WHERE "oid" = ANY(${oids}) AND "complete" AND "folders" IS NOT NULL
    ) t WHERE t."held" <= ${MOST_BEFORE}`
  return new Map(
    rows.map(({ oid, entries, folders }) => [
      oid,
      { entries: JSON.parse(decompress(entries)), folders: JSON.parse(decompress(folders)) } as TreeBefore,
    ]),
  )
}

/** The text of the workflows and actions of stored trees, by tree; one without any is absent. One query. */
export async function actionTexts(db: Database, treeOids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ treeOid: string; content: Uint8Array }[]>`
    SELECT f."treeOid", b."content" FROM "RepositoryFile" f JOIN "Blob" b ON b."oid" = f."blobOid"
    WHERE f."treeOid" = ANY(${treeOids}) AND b."content" IS NOT NULL
      AND (f."path" ~ '^[.]github/workflows/[^/]+[.]ya?ml$' OR f."path" ~ '(^|/)action[.]ya?ml$')
    ORDER BY f."id"`
  const texts = new Map<string, string[]>()
  for (const { treeOid, content } of rows) {
    const ofTree = texts.get(treeOid)
    if (ofTree === undefined) texts.set(treeOid, [decompress(content)])
    else ofTree.push(decompress(content))
  }
  return texts
}
