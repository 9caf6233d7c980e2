/** What is known of repositories' settings. They change without a push: then the last snapshot is taken again with them. */
import { type ProtectionTold, type ToldSettings, wholeSettings } from '../crawl/settings.ts'
import type { Settings } from '../snapshot/snapshot.ts'
import { type Database, inTransaction, type Session } from './database.ts'
import { rowsJson } from './text.ts'

/** Remembers what was told; a name that was not told keeps its value and its reason. One query. */
export async function saveSettings(db: Database, told: ReadonlyMap<bigint, ToldSettings>): Promise<void> {
  const untold = JSON.stringify(wholeSettings({}))
  const rows = [...told]
    .map(([id, { reasons = {}, ...values }]) => ({ id, values, reasons, names: Object.keys(values) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  await db.$executeRaw`
    UPDATE "Repository" SET "settings" = COALESCE("settings", ${untold}::jsonb) || t."values" || jsonb_build_object('reasons',
      (COALESCE("settings", ${untold}::jsonb) -> 'reasons') - t."names" || t."reasons")
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS t("id" bigint, "values" jsonb, "reasons" jsonb, "names" text[])
    WHERE "Repository"."id" = t."id"`
}

/** Settings by repository id, whole; an archived repository has none that anybody could change, and is absent. One query. */
export async function storedSettings(db: Database, ids: readonly bigint[]): Promise<Map<bigint, Settings>> {
  const rows = await db.repository.findMany({
    where: { id: { in: [...ids] }, archived: false },
    select: { id: true, settings: true },
  })
  return new Map(rows.map(({ id, settings }) => [id, (settings as Settings | null) ?? wholeSettings({})]))
}

/** A repository whose settings may be asked for: neither gone nor archived. */
export type SettableRepository = {
  id: bigint
  nodeId: string
  /** As the last listing of everything told it. */
  protection: ProtectionTold | null
  defaultBranchProtected: boolean | null
}

/** Of these, by id. One query. */
export async function settableAmong(
  db: Database,
  orgId: number,
  ids: readonly bigint[],
): Promise<SettableRepository[]> {
  return db.$queryRaw`
    SELECT "id", "nodeId", "protection", ("settings"->>'defaultBranchProtected')::boolean AS "defaultBranchProtected"
    FROM "Repository"
    WHERE "orgId" = ${orgId} AND "goneAt" IS NULL AND NOT "archived" AND "id" = ANY(${ids}::bigint[]) ORDER BY "id"`
}

/** How many there are whose settings may be asked for. */
export async function countSettable(db: Database, orgId: number): Promise<number> {
  return db.repository.count({ where: { orgId, goneAt: null, archived: false } })
}

export type DueSettings = {
  orgId: number
  /** Asked before this, they are asked again. */
  before: Date
  /** Only those that this run crawled; null: any. */
  runId: number | null
  most: number
  /** Only of these; absent: of all. */
  among?: readonly bigint[]
}

/** Repositories with workflows whose own settings are to be asked for, those that never were first. One query. */
export async function dueForSettings(
  db: Database,
  { orgId, before, runId, most, among }: DueSettings,
): Promise<{ id: bigint; name: string; treeOid: string }[]> {
  return db.$queryRaw`
    SELECT r."id", r."name", r."treeOid" FROM "Repository" r
    WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL AND NOT r."archived"
      AND (r."settingsAt" IS NULL OR r."settingsAt" < ${before}::timestamptz)
      AND EXISTS (SELECT 1 FROM "RepositoryFile" f
        WHERE f."treeOid" = r."treeOid" AND f."path" LIKE '.github/workflows/%')
      AND (${runId}::int IS NULL OR EXISTS (SELECT 1 FROM "CrawlOutcome" o
        WHERE o."runId" = ${runId}::int AND o."repositoryId" = r."id" AND o."outcome" IN ('ok', 'partial')))
      AND (${among === undefined} OR r."id" = ANY(${among ?? []}::bigint[]))
    ORDER BY r."settingsAt" NULLS FIRST, r."id" LIMIT ${most}::int`
}

/** Remembers that these were asked. */
export async function markSettingsAsked(db: Database, ids: readonly bigint[], now: Date): Promise<void> {
  await db.repository.updateMany({ where: { id: { in: [...ids] } }, data: { settingsAt: now } })
}

/**
 * Takes the last snapshot of every repository, or of those `among` them, again whose settings are no longer what it holds, and hands the new ones to
 * `onSnapshots` in the same transaction. Nothing is fetched: commit and content are the same.
 */
export async function renewSnapshots(
  db: Database,
  { orgId, now, among }: { orgId: number; now: Date; among?: readonly bigint[] },
  onSnapshots: (tx: Session, ids: readonly number[]) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async tx => {
    const written = await tx.$queryRaw<{ id: number }[]>`
      INSERT INTO "Snapshot" ("repositoryId", "headOid", "treeOid", "takenAt", "unread", "releases", "settings", "refs")
      SELECT r."id", newest."headOid", newest."treeOid", ${now}::timestamptz, newest."unread", newest."releases",
        r."settings", newest."refs"
      FROM "Repository" r
      JOIN LATERAL (SELECT * FROM "Snapshot" s WHERE s."repositoryId" = r."id" ORDER BY s."id" DESC LIMIT 1) newest ON true
      WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL AND NOT r."archived" AND r."settings" IS NOT NULL
        AND newest."settings" IS DISTINCT FROM r."settings"
        AND (${among === undefined} OR r."id" = ANY(${among ?? []}::bigint[]))
      ORDER BY r."id" RETURNING "id"`
    if (written.length > 0)
      await onSnapshots(
        tx,
        written.map(({ id }) => id),
      )
  })
}
