import type { KnownRepository } from '../crawl/crawl-store.ts'
import type { ListedRepository } from '../crawl/source.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

export type Listing = {
  orgId: number
  repositories: readonly ListedRepository[]
  /** Whether these are all of them: only then does an absence mean something. */
  complete: boolean
  now: Date
}

/**
 * Adds new repositories and updates known ones by id, so that a renamed one keeps its history. A repository absent from a
 * complete listing is missing; absent from a second one it is gone, and so is one whose name another one has by now; seen
 * again it is neither. Three queries at most.
 */
export async function saveListing(db: Database, listing: Listing): Promise<void> {
  const { orgId, repositories, complete, now } = listing
  // Two listings of one organisation take their rows in the same order, so that they cannot lock each other out.
  const rows = repositories.map(({ protection: _, ...repository }) => repository).sort((a, b) => (a.id < b.id ? -1 : 1))
  const untold = rows.flatMap(({ id, topics }) => (topics === null ? [id] : []))
  if (rows.length > 0) {
    await db.$executeRaw`
      INSERT INTO "Repository" ("id", "orgId", "nodeId", "name", "visibility", "archived", "fork", "empty", "defaultBranch",
        "pushedAt", "topics", "primaryLanguage")
      SELECT r."id", ${orgId}::int, r."nodeId", r."name", r."visibility", r."archived", r."fork", r."empty", r."defaultBranch",
        r."pushedAt", COALESCE(r."topics", '{}'), r."primaryLanguage"
      FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "nodeId" text, "name" text, "visibility" text,
        "archived" boolean, "fork" boolean, "empty" boolean, "defaultBranch" text, "pushedAt" timestamptz, "topics" text[],
        "primaryLanguage" text)
      ON CONFLICT ("id") DO UPDATE SET "orgId" = EXCLUDED."orgId", "nodeId" = EXCLUDED."nodeId", "name" = EXCLUDED."name",
        "visibility" = EXCLUDED."visibility", "archived" = EXCLUDED."archived", "fork" = EXCLUDED."fork",
        "empty" = EXCLUDED."empty", "defaultBranch" = EXCLUDED."defaultBranch", "pushedAt" = EXCLUDED."pushedAt",
        "topics" = CASE WHEN EXCLUDED."id" = ANY(${untold}::bigint[]) THEN "Repository"."topics" ELSE EXCLUDED."topics" END,
        "primaryLanguage" = EXCLUDED."primaryLanguage", "missingSince" = NULL, "goneAt" = NULL`
  }
  // A name is one repository's: whoever had it was renamed or deleted, and is not what pages are to show under it.
  await db.$executeRaw`
    UPDATE "Repository" SET "missingSince" = COALESCE("missingSince", ${now}::timestamptz), "goneAt" = ${now}::timestamptz
    WHERE "orgId" = ${orgId} AND "goneAt" IS NULL AND "name" = ANY(${rows.map(row => row.name)}::text[])
      AND "id" <> ALL(${rows.map(row => row.id)}::bigint[])`
  if (!complete) return
  await db.$executeRaw`
    UPDATE "Repository" SET "missingSince" = COALESCE("missingSince", ${now}::timestamptz),
      "goneAt" = CASE WHEN "missingSince" IS NULL THEN NULL ELSE ${now}::timestamptz END
    WHERE "orgId" = ${orgId} AND "goneAt" IS NULL AND "id" <> ALL(${rows.map(row => row.id)}::bigint[])`
}

/** A stored repository, and how to ask the host for it. */
export type StoredRepository = KnownRepository & { nodeId: string; name: string }

const KNOWN = {
  id: true,
  nodeId: true,
  name: true,
  headOid: true,
  treeOid: true,
  outcome: true,
  crawledAt: true,
} as const

/** The repositories of an organisation that are not gone. */
export async function listRepositories(db: Database, orgId: number): Promise<StoredRepository[]> {
  return db.repository.findMany({ where: { orgId, goneAt: null }, select: KNOWN, orderBy: { id: 'asc' } })
}

/** These repositories by id; one that is not stored is absent. One query. */
export async function knownRepositories(db: Database, ids: readonly bigint[]): Promise<Map<bigint, StoredRepository>> {
  const rows = await db.$queryRaw<StoredRepository[]>`
    SELECT "id", "nodeId", "name", "headOid", "treeOid", "outcome", "crawledAt" FROM "Repository"
    WHERE "id" = ANY(${ids}::bigint[])`
  return new Map(rows.map(row => [row.id, row]))
}

/** Remembers topics, as the organisation-wide settings tell them. */
export async function saveTopics(db: Database, topics: ReadonlyMap<bigint, readonly string[]>): Promise<void> {
  const rows = [...topics].map(([id, names]) => ({ id, names })).sort((a, b) => (a.id < b.id ? -1 : 1))
  await db.$executeRaw`
    UPDATE "Repository" SET "topics" = r."names"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "names" text[])
    WHERE "Repository"."id" = r."id" AND "Repository"."topics" IS DISTINCT FROM r."names"`
}

/** Remembers which teams a repository belongs to. */
export async function saveTeams(db: Database, teams: ReadonlyMap<bigint, readonly string[]>): Promise<void> {
  const rows = [...teams].map(([id, slugs]) => ({ id, slugs }))
  await db.$executeRaw`
    UPDATE "Repository" SET "teams" = r."slugs"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "slugs" text[])
    WHERE "Repository"."id" = r."id"`
}
