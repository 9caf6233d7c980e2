import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/** A repository as a listing tells it. `id` is GitHub's own; the name is an attribute that may change. */
export type ListedRepository = {
  id: bigint
  nodeId: string
  name: string
  visibility: string
  archived: boolean
  fork: boolean
  empty: boolean
  defaultBranch: string | null
  pushedAt: Date | null
  topics: readonly string[]
  primaryLanguage: string | null
  headOid: string | null
  treeOid: string | null
}

/** What the crawl needs to know of a repository that is stored. `headOid` and `treeOid`: of the last crawl that succeeded. */
export type KnownRepository = {
  id: bigint
  name: string
  headOid: string | null
  treeOid: string | null
  outcome: string | null
  crawledAt: Date | null
}

export type Listing = {
  orgId: number
  repositories: readonly ListedRepository[]
  /** Whether these are all of them: only then does an absence mean something. */
  complete: boolean
  now: Date
}

/**
 * Adds new repositories and updates known ones by id, so that a renamed one keeps its history. A repository absent from a
 * complete listing is missing; absent from a second one it is gone; seen again it is neither. Two queries at most.
 */
export async function saveListing(db: Database, listing: Listing): Promise<void> {
  const { orgId, repositories, complete, now } = listing
  // Two listings of one organisation take their rows in the same order, so that they cannot lock each other out.
  const rows = [...repositories].sort((a, b) => (a.id < b.id ? -1 : 1))
  if (rows.length > 0) {
    await db.$executeRaw`
      INSERT INTO "Repository" ("id", "orgId", "nodeId", "name", "visibility", "archived", "fork", "empty", "defaultBranch",
        "pushedAt", "topics", "primaryLanguage")
      SELECT r."id", ${orgId}::int, r."nodeId", r."name", r."visibility", r."archived", r."fork", r."empty", r."defaultBranch",
        r."pushedAt", r."topics", r."primaryLanguage"
      FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "nodeId" text, "name" text, "visibility" text,
        "archived" boolean, "fork" boolean, "empty" boolean, "defaultBranch" text, "pushedAt" timestamptz, "topics" text[],
        "primaryLanguage" text)
      ON CONFLICT ("id") DO UPDATE SET "orgId" = EXCLUDED."orgId", "nodeId" = EXCLUDED."nodeId", "name" = EXCLUDED."name",
        "visibility" = EXCLUDED."visibility", "archived" = EXCLUDED."archived", "fork" = EXCLUDED."fork",
        "empty" = EXCLUDED."empty", "defaultBranch" = EXCLUDED."defaultBranch", "pushedAt" = EXCLUDED."pushedAt",
        "topics" = EXCLUDED."topics", "primaryLanguage" = EXCLUDED."primaryLanguage", "missingSince" = NULL, "goneAt" = NULL`
  }
  if (!complete) return
  await db.$executeRaw`
    UPDATE "Repository" SET "missingSince" = COALESCE("missingSince", ${now}::timestamptz),
      "goneAt" = CASE WHEN "missingSince" IS NULL THEN NULL ELSE ${now}::timestamptz END
    WHERE "orgId" = ${orgId} AND "goneAt" IS NULL AND "id" <> ALL(${rows.map(row => row.id)}::bigint[])`
}

/** The repositories of an organisation that are not gone, by id. */
export async function knownRepositories(db: Database, orgId: number): Promise<Map<bigint, KnownRepository>> {
  const rows = await db.repository.findMany({ where: { orgId, goneAt: null }, select: KNOWN })
  return new Map(rows.map(row => [row.id, row]))
}

/** These repositories, in no order; one that is not stored is left out. */
export async function findRepositories(db: Database, ids: readonly bigint[]): Promise<KnownRepository[]> {
  return db.repository.findMany({ where: { id: { in: [...ids] } }, select: KNOWN })
}

const KNOWN = { id: true, name: true, headOid: true, treeOid: true, outcome: true, crawledAt: true } as const

/** Remembers which teams a repository belongs to. */
export async function saveTeams(db: Database, teams: ReadonlyMap<bigint, readonly string[]>): Promise<void> {
  const rows = [...teams].map(([id, slugs]) => ({ id, slugs }))
  await db.$executeRaw`
    UPDATE "Repository" SET "teams" = r."slugs"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "slugs" text[])
    WHERE "Repository"."id" = r."id"`
}
