import type { CrawlOutcome } from '../crawl/crawl-store.ts'
import type { Database, Session } from './database.ts'
import { rowsJson, storable, storableJson } from './text.ts'

export type RunKind = 'first' | 'sweep' | 'poll' | 'replay' | 'look'
/** One limit as the host last told it. */
type Budget = { limit: number; remaining: number; resetAt: string }
/** What was used since it was last told; `budget` replaces the one before. */
export type Usage = { rest?: number; points?: number; git?: number; budget?: { core?: Budget; graphql?: Budget } }

/** Opens a crawl run; `total` grows by `queueRepositories`. */
export async function startRun(db: Database, run: { orgId: number; kind: RunKind; now: Date }): Promise<number> {
  const { id } = await db.crawlRun.create({
    data: { orgId: run.orgId, kind: run.kind, state: 'running', startedAt: run.now },
    select: { id: true },
  })
  return id
}

/** Writes down which repositories the run is to look at; asked twice, they count once. */
export async function queueRepositories(
  db: Session,
  runId: number,
  repositories: readonly { id: bigint; name: string }[],
  now: Date,
): Promise<void> {
  const rows = rowsJson(repositories.map(({ id, name }) => ({ id, name })))
  const count = await db.$executeRaw`
    INSERT INTO "CrawlOutcome" ("runId", "repositoryId", "name", "outcome", "at")
    SELECT ${runId}::int, r."id", r."name", 'queued', ${now}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS r("id" bigint, "name" text) ORDER BY r."id"
    ON CONFLICT ("runId", "repositoryId") DO NOTHING`
  await db.$executeRaw`UPDATE "CrawlRun" SET "total" = "total" + ${count}::int WHERE "id" = ${runId}`
}

/** Writes down how repositories fared, in the run and, but for `unchanged` and `queued`, on the repositories. Two queries. */
export async function saveOutcomes(
  db: Session,
  runId: number,
  outcomes: readonly CrawlOutcome[],
  now: Date,
): Promise<void> {
  const rows = rowsJson([...outcomes].sort((a, b) => (a.repositoryId < b.repositoryId ? -1 : 1)))
  await db.$executeRaw`
    INSERT INTO "CrawlOutcome" ("runId", "repositoryId", "name", "outcome", "reason", "at")
    SELECT ${runId}::int, o."repositoryId", o."name", o."outcome", o."reason", ${now}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS o("repositoryId" bigint, "name" text, "outcome" text, "reason" text)
    ON CONFLICT ("runId", "repositoryId") DO UPDATE SET "outcome" = EXCLUDED."outcome", "reason" = EXCLUDED."reason",
      "at" = EXCLUDED."at"`
  await db.$executeRaw`
    UPDATE "Repository" SET "crawledAt" = ${now}::timestamptz,
      "outcome" = CASE WHEN o."outcome" = 'unchanged' THEN "Repository"."outcome" ELSE o."outcome" END,
      "outcomeReason" = CASE WHEN o."outcome" = 'unchanged' THEN "Repository"."outcomeReason" ELSE o."reason" END
    FROM jsonb_to_recordset(${rows}::jsonb) AS o("repositoryId" bigint, "outcome" text, "reason" text)
    WHERE "Repository"."id" = o."repositoryId" AND o."outcome" <> 'queued'`
}

/** Adds what was used of the host's limits. */
export async function addUsage(db: Database, runId: number, usage: Usage): Promise<void> {
  await db.crawlRun.update({
    where: { id: runId },
    data: {
      rest: { increment: usage.rest ?? 0 },
      points: { increment: usage.points ?? 0 },
      git: { increment: usage.git ?? 0 },
      ...(usage.budget === undefined ? {} : { budget: storableJson(usage.budget) }),
    },
  })
}

/** What a run is for; null where there is no such run. */
export async function kindOfRun(db: Database, runId: number): Promise<string | null> {
  return (await db.crawlRun.findUnique({ where: { id: runId }, select: { kind: true } }))?.kind ?? null
}

/** The repositories, all or `among` these, that a run under way has still to look at; none where it has ended. */
export async function queuedRepositories(db: Session, runId: number, among?: readonly bigint[]): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ repositoryId: bigint }[]>`
    SELECT o."repositoryId" FROM "CrawlRun" r JOIN "CrawlOutcome" o ON o."runId" = r."id" AND o."outcome" = 'queued'
    WHERE r."id" = ${runId} AND r."state" = 'running'
      AND (${among === undefined} OR o."repositoryId" = ANY(${among ?? []}::bigint[]))`
  return rows.map(row => row.repositoryId)
}

/** What a run under way has still to look at, a part after the other in the order of their ids. */
export async function* queuedParts(
  db: Session,
  runId: number,
  most: number,
): AsyncGenerator<{ id: bigint; nodeId: string; name: string }[]> {
  for (let after = -1n; ; ) {
    const rows = await db.$queryRaw<{ id: bigint; nodeId: string; name: string }[]>`
      SELECT o."repositoryId" AS "id", r."nodeId", o."name"
      FROM "CrawlOutcome" o JOIN "Repository" r ON r."id" = o."repositoryId"
      WHERE o."runId" = ${runId} AND o."outcome" = 'queued' AND o."repositoryId" > ${after}
        AND EXISTS (SELECT 1 FROM "CrawlRun" WHERE "id" = ${runId} AND "state" = 'running')
      ORDER BY o."repositoryId" LIMIT ${most}::int`
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.id
  }
}

/** The crawl of this organisation that is under way, or null; looks that people asked for run beside it. */
export async function runningRun(db: Database, orgId: number): Promise<number | null> {
  const run = await db.crawlRun.findFirst({
    where: { orgId, state: 'running', kind: { not: 'look' } },
    orderBy: { id: 'desc' },
    select: { id: true },
  })
  return run?.id ?? null
}

/** Ends a run as `done` once nothing in it is queued. Says whether this call was the one that ended it. */
export async function finishRunWhenDone(db: Database, runId: number, now: Date): Promise<boolean> {
  const ended = await db.$executeRaw`
    UPDATE "CrawlRun" SET "state" = 'done', "finishedAt" = ${now}::timestamptz
    WHERE "id" = ${runId} AND "state" = 'running' AND NOT EXISTS (
      SELECT 1 FROM "CrawlOutcome" WHERE "runId" = ${runId} AND "outcome" = 'queued')`
  return ended === 1
}

/** Remembers what a run that goes on could not see. */
export async function noteRun(db: Database, runId: number, reason: string): Promise<void> {
  await db.crawlRun.update({ where: { id: runId }, data: { reason: storable(reason) } })
}

/** Ends a run that cannot go on, with the reason that people read. A run that has ended stays as it is. */
export async function stopRun(db: Database, runId: number, reason: string, now: Date): Promise<void> {
  await db.crawlRun.updateMany({
    where: { id: runId, state: 'running' },
    data: { state: 'failed', reason: storable(reason), finishedAt: now },
  })
}
