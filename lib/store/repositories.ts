import type { KnownRepository } from '../crawl/crawl-store.ts'
import type { ProtectionTold } from '../crawl/settings.ts'
import type { ListedRepository } from '../crawl/source.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/**
 * Adds new repositories and updates known ones by id, so that a renamed one keeps its history; one that was missing or gone
 * is neither any more. One query.
 */
export async function saveListed(
  db: Database,
  orgId: number,
  repositories: readonly ListedRepository[],
): Promise<void> {
  // Two listings of one organisation take their rows in the same order, so that they cannot lock each other out.
  const rows = repositories
    .map(({ protection, ...repository }) => ({ ...repository, protection: plain(protection) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  // That of everything tells what guards branches, any other one topics.
  const untold = rows.flatMap(({ id, topics }) => (topics === null ? [id] : []))
  await db.$executeRaw`
    INSERT INTO "Repository" ("id", "orgId", "nodeId", "name", "visibility", "archived", "fork", "empty", "defaultBranch",
      "pushedAt", "topics", "primaryLanguage", "protection")
    SELECT r."id", ${orgId}::int, r."nodeId", r."name", r."visibility", r."archived", r."fork", r."empty", r."defaultBranch",
      r."pushedAt", COALESCE(r."topics", '{}'), r."primaryLanguage", nullif(r."protection", 'null')
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS r("id" bigint, "nodeId" text, "name" text, "visibility" text,
      "archived" boolean, "fork" boolean, "empty" boolean, "defaultBranch" text, "pushedAt" timestamptz, "topics" text[],
      "primaryLanguage" text, "protection" jsonb)
    ON CONFLICT ("id") DO UPDATE SET "orgId" = EXCLUDED."orgId", "nodeId" = EXCLUDED."nodeId", "name" = EXCLUDED."name",
      "visibility" = EXCLUDED."visibility", "archived" = EXCLUDED."archived", "fork" = EXCLUDED."fork",
      "empty" = EXCLUDED."empty", "defaultBranch" = EXCLUDED."defaultBranch", "pushedAt" = EXCLUDED."pushedAt",
      "topics" = CASE WHEN EXCLUDED."id" = ANY(${untold}::bigint[]) THEN "Repository"."topics" ELSE EXCLUDED."topics" END,
      "protection" = CASE WHEN EXCLUDED."id" = ANY(${untold}::bigint[]) THEN EXCLUDED."protection"
        ELSE "Repository"."protection" END,
      "primaryLanguage" = EXCLUDED."primaryLanguage", "missingSince" = NULL, "goneAt" = NULL`
}

function plain(told: ProtectionTold | null | undefined): ProtectionTold | null {
  return told ? { administers: told.administers, alerts: told.alerts, guards: told.guards } : null
}

/** What was listed by now, and saved: `ids` of it; whether it was `complete`, for only then an absence means something. */
export type Listing = { orgId: number; ids: Iterable<bigint>; complete: boolean; now: Date }

/**
 * Says of repositories that were not listed what that means, once all that were are saved. A repository absent from a
 * complete listing is missing; absent from a second one it is gone, and so is one whose name another one has by now. Two
 * queries at most.
 */
export async function saveAbsences(db: Database, { orgId, ids, complete, now }: Listing): Promise<void> {
  const listed = [...ids]
  // A name is one repository's: whoever had it was renamed or deleted, and is not what pages are to show under it.
  await db.$executeRaw`
    UPDATE "Repository" r SET "missingSince" = COALESCE(r."missingSince", ${now}::timestamptz), "goneAt" = ${now}::timestamptz
    FROM "Repository" named
    WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL AND r."id" <> ALL(${listed}::bigint[])
      AND named."orgId" = r."orgId" AND named."name" = r."name" AND named."id" = ANY(${listed}::bigint[])`
  if (!complete) return
  await db.$executeRaw`
    UPDATE "Repository" SET "missingSince" = COALESCE("missingSince", ${now}::timestamptz),
      "goneAt" = CASE WHEN "missingSince" IS NULL THEN NULL ELSE ${now}::timestamptz END
    WHERE "orgId" = ${orgId} AND "goneAt" IS NULL AND "id" <> ALL(${listed}::bigint[])`
}

/** A stored repository, and how to ask the host for it. */
export type StoredRepository = KnownRepository & { nodeId: string; name: string }

/** The repositories of an organisation that are not gone, a part after the other in the order of their ids. */
export async function* repositoryIds(db: Database, orgId: number, most: number): AsyncGenerator<bigint[]> {
  for (let after = -1n; ; ) {
    const rows = await db.repository.findMany({
      where: { orgId, goneAt: null, id: { gt: after } },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: most,
    })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ id }) => id)
    after = last.id
  }
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
