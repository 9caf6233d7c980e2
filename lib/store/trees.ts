import type { CrawledTree } from '../crawl/crawl-store.ts'
import { compress, decompress } from './compression.ts'
import type { Database } from './database.ts'
import { rowsJson, storableJson } from './text.ts'

/** Those of `oids` that are stored whole. One that the host cut short is asked for again. One query. */
export async function knownTrees(db: Database, oids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ oid: string }[]>`
    SELECT "oid" FROM "Tree" WHERE "oid" = ANY(${oids}) AND "complete"`
  return new Set(rows.map(row => row.oid))
}

/**
 * Keeps a tree and the list of its taken files, both or neither. A tree that is known whole stays as it is; one that was
 * known in part is replaced by what could be read now.
 */
export async function saveTree(db: Database, tree: CrawledTree, now: Date): Promise<void> {
  const entries = compress(JSON.stringify(tree.entries))
  const leftOut = JSON.stringify(storableJson(tree.leftOut))
  const unread = JSON.stringify(storableJson(tree.unread))
  // One statement, so one round trip: the files follow only where the tree was written.
  await db.$executeRaw`
    WITH written AS (
      INSERT INTO "Tree" ("oid", "entries", "count", "complete", "leftOut", "unread", "fetchedAt")
      VALUES (${tree.oid}, ${entries}, ${tree.entries.length}, ${tree.complete}, ${leftOut}::jsonb, ${unread}::jsonb, ${now})
      ON CONFLICT ("oid") DO UPDATE SET "entries" = EXCLUDED."entries", "count" = EXCLUDED."count",
        "complete" = EXCLUDED."complete", "leftOut" = EXCLUDED."leftOut", "unread" = EXCLUDED."unread",
        "fetchedAt" = EXCLUDED."fetchedAt"
      WHERE NOT "Tree"."complete"
      RETURNING "oid"
    ), cleared AS (
      DELETE FROM "RepositoryFile" WHERE "treeOid" IN (SELECT "oid" FROM written)
    )
    INSERT INTO "RepositoryFile" ("treeOid", "path", "mode", "blobOid")
    SELECT written."oid", f."path", f."mode", f."oid"
    FROM written, jsonb_to_recordset(${rowsJson(tree.files)}::jsonb) AS f("path" text, "mode" text, "oid" text)`
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
    texts.set(treeOid, [...(texts.get(treeOid) ?? []), decompress(content)])
  }
  return texts
}
