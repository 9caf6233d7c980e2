import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/** How long a delivery's id is remembered: longer than GitHub can be asked to send it again. */
const REMEMBERED_DAYS = 8

/** A delivery by its id; `org` and `repository` (global id) where it is about one. */
type Delivery = { id: string; event: string; org: string | null; repository: string | null }

/**
 * Writes down that there is something to look at. A delivery that came before, or about an organisation that is not
 * crawled here, is none. Says whether it was new. One query.
 */
export async function saveDelivery(db: Database, delivery: Delivery, now: Date): Promise<boolean> {
  const { id, event, org, repository } = delivery
  const written = await db.$queryRaw<{ id: string }[]>`
    WITH delivery AS (
      INSERT INTO "WebhookDelivery" ("id", "event", "receivedAt") VALUES (${id}, ${event}, ${now}::timestamptz)
      ON CONFLICT ("id") DO NOTHING RETURNING "id"
    ), hint AS (
      INSERT INTO "RepositoryHint" ("orgId", "nodeId", "at")
      SELECT o."id", ${repository}::text, ${now}::timestamptz FROM "Org" o, delivery
      WHERE lower(o."login") = lower(${org}::text) AND ${repository}::text IS NOT NULL
      ON CONFLICT ("orgId", "nodeId") DO UPDATE SET "at" = EXCLUDED."at"
    )
    SELECT "id" FROM delivery`
  return written.length > 0
}

/**
 * Takes deliveries that did not reach us as hints to look at repositories of this organisation that are known; one that
 * came after all, or was taken before, is none. One query.
 */
export async function saveMissed(
  db: Database,
  {
    orgId,
    missed,
    now,
  }: { orgId: number; missed: readonly { guid: string; event: string; repositoryId: bigint }[]; now: Date },
): Promise<void> {
  const rows = [...new Map(missed.map(one => [one.guid, one])).values()]
  await db.$executeRaw`
    WITH missed AS (
      SELECT m."guid", m."event", r."nodeId"
      FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS m("guid" text, "event" text, "repositoryId" bigint)
      JOIN "Repository" r ON r."id" = m."repositoryId" AND r."orgId" = ${orgId}
    ), taken AS (
      INSERT INTO "WebhookDelivery" ("id", "event", "receivedAt")
      SELECT "guid", "event", ${now}::timestamptz FROM missed ORDER BY "guid" ON CONFLICT ("id") DO NOTHING RETURNING "id"
    )
    INSERT INTO "RepositoryHint" ("orgId", "nodeId", "at")
    SELECT DISTINCT ${orgId}::int, "nodeId", ${now}::timestamptz FROM missed JOIN taken ON taken."id" = missed."guid"
    ON CONFLICT ("orgId", "nodeId") DO UPDATE SET "at" = EXCLUDED."at"`
}

/** The repositories to look at, by their global ids, the oldest hint first, and when the newest of these was given. */
export async function readHints(
  db: Database,
  orgId: number,
  most: number,
): Promise<{ nodeIds: string[]; until: Date | null }> {
  const rows = await db.repositoryHint.findMany({ where: { orgId }, orderBy: { at: 'asc' }, take: most })
  return { nodeIds: rows.map(({ nodeId }) => nodeId), until: rows.at(-1)?.at ?? null }
}

/** When the oldest hint that waits was given; null where none does. */
export async function oldestHint(db: Database, orgId: number): Promise<Date | null> {
  return (await db.repositoryHint.aggregate({ where: { orgId }, _min: { at: true } }))._min.at
}

/** Forgets hints that were followed, but for those that were given again meanwhile, and the ids of old deliveries. */
export async function dropHints(
  db: Database,
  { orgId, nodeIds, until, now }: { orgId: number; nodeIds: readonly string[]; until: Date; now: Date },
): Promise<void> {
  await db.repositoryHint.deleteMany({ where: { orgId, nodeId: { in: [...nodeIds] }, at: { lte: until } } })
  const forgotten = new Date(now.getTime() - REMEMBERED_DAYS * 86_400_000)
  await db.webhookDelivery.deleteMany({ where: { receivedAt: { lt: forgotten } } })
}
