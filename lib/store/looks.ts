/** Looks that somebody asked for: runs of kind `look`, of one repository each, beside the crawl that may be under way. */
import type { Scope } from '../api/frame.ts'
import type { Look } from '../api/looks.ts'
import type { Database, Session } from './database.ts'
import { visible, visibleNamed } from './visible.ts'

/** What no worker could finish in so long is given up; and so long the scorecard tells how a look ended. */
const LASTS_MS = 10 * 60_000
const GIVEN_UP =
  'It was not done within ten minutes: no worker was free for it, or GitHub let nothing more be asked. Ask again.'

type Open = { id: number; startedAt: Date; state: string }

/**
 * Opens a look, unless one of this repository is open: then that is the one (`isNew` false). null: the asker sees no such
 * repository. Call it inside a transaction.
 */
export async function openLook(
  tx: Session,
  scope: Scope,
  name: string,
  now: Date,
): Promise<{ runId: number; isNew: boolean } | null> {
  const repository = await tx.repository.findFirst({ where: visibleNamed(scope, name), select: { id: true } })
  if (repository === null) return null
  // The repository's row is the lock: two who ask at once get one look.
  await tx.$queryRaw`SELECT "id" FROM "Repository" WHERE "id" = ${repository.id} FOR UPDATE`
  const [open] = await tx.$queryRaw<{ id: number }[]>`
    SELECT run."id" FROM "CrawlRun" run JOIN "CrawlOutcome" o ON o."runId" = run."id"
    WHERE run."orgId" = ${scope.orgId} AND run."startedAt" > ${new Date(+now - LASTS_MS)}::timestamptz
      AND run."kind" = 'look' AND run."state" IN ('asked', 'running') AND o."repositoryId" = ${repository.id}
    ORDER BY run."id" LIMIT 1`
  if (open !== undefined) return { runId: open.id, isNew: false }
  const outcomes = { create: { repositoryId: repository.id, name, outcome: 'queued', at: now } }
  const { id } = await tx.crawlRun.create({
    data: { orgId: scope.orgId, kind: 'look', state: 'asked', startedAt: now, total: 1, outcomes },
    select: { id: true },
  })
  return { runId: id, isNew: true }
}

/** The looks of this organisation that are to be done; those that nobody could do are given up. */
export async function openLooks(db: Database, orgId: number, now: Date): Promise<number[]> {
  const open = await db.crawlRun.findMany({
    where: {
      orgId,
      kind: 'look',
      state: { in: ['asked', 'running'] },
      startedAt: { gt: new Date(+now - 24 * 3_600_000) },
    },
    select: { id: true, startedAt: true, state: true },
    orderBy: { id: 'asc' },
  })
  const isLate = ({ startedAt }: Open) => +now - +startedAt > LASTS_MS
  const late = open.filter(isLate).map(({ id }) => id)
  if (late.length > 0)
    await db.crawlRun.updateMany({
      where: { id: { in: late }, state: { in: ['asked', 'running'] } },
      data: { state: 'failed', reason: GIVEN_UP, finishedAt: now },
    })
  return open.filter(one => !isLate(one)).map(({ id }) => id)
}

/** Begins a look, or takes up one that was begun, and says which repository it is of; null where it has ended. */
export async function beginLook(
  db: Database,
  runId: number,
): Promise<{ id: bigint; nodeId: string; name: string } | null> {
  await db.crawlRun.updateMany({ where: { id: runId, kind: 'look', state: 'asked' }, data: { state: 'running' } })
  const [repository] = await db.$queryRaw<{ id: bigint; nodeId: string; name: string }[]>`
    SELECT r."id", r."nodeId", r."name" FROM "CrawlRun" run JOIN "CrawlOutcome" o ON o."runId" = run."id"
    JOIN "Repository" r ON r."id" = o."repositoryId"
    WHERE run."id" = ${runId} AND run."kind" = 'look' AND run."state" = 'running'`
  return repository ?? null
}

/**
 * Where the looks of the last minutes stand that the asker sees: other rows where one of them got further, and nothing that
 * is shown. One query.
 */
export async function listLooks(db: Database, scope: Scope, now: Date): Promise<unknown[]> {
  const since = new Date(+now - 2 * LASTS_MS)
  return db.$queryRaw<unknown[]>`
    SELECT run."id", run."state", o."outcome", scan."snapshotId" AS "judged",
      (SELECT max(s."id") FROM "Snapshot" s WHERE s."repositoryId" = r."id") AS "taken"
    FROM "CrawlRun" run JOIN "CrawlOutcome" o ON o."runId" = run."id" JOIN "Repository" r ON r."id" = o."repositoryId"
    LEFT JOIN "Scan" scan ON scan."id" = r."latestScanId"
    WHERE run."orgId" = ${scope.orgId} AND run."startedAt" > ${since}::timestamptz AND run."kind" = 'look'
      AND ${visible(scope)} ORDER BY run."id"`
}

type Row = {
  id: number
  state: string
  reason: string | null
  startedAt: Date
  outcome: string
  headOid: string | null
  takenAt: Date | null
  judged: boolean | null
  waitsUntil: Date | null
}

/**
 * How the newest look at a repository goes: `look` null where none was asked for lately; null where the asker sees no such
 * repository. One query.
 */
export async function readLook(
  db: Database,
  scope: Scope,
  name: string,
  now: Date,
): Promise<{ look: Look | null } | null> {
  const since = new Date(+now - 2 * LASTS_MS)
  const [row] = await db.$queryRaw<(Row | { id: null })[]>`
    SELECT look.*, r."headOid", newest."takenAt", newest."id" IS NULL OR newest."id" <= scan."snapshotId" AS "judged", (
      SELECT max(CASE WHEN b."pausedUntil" > ${now}::timestamptz THEN b."pausedUntil" WHEN b."remaining" <= 0 THEN b."resetAt" END)
      FROM "Org" org JOIN "Budget" b ON b."account" = org."account" WHERE org."id" = r."orgId") AS "waitsUntil"
    FROM "Repository" r LEFT JOIN LATERAL (
      SELECT run."id", run."state", coalesce(run."reason", o."reason") AS "reason", run."startedAt", o."outcome"
      FROM "CrawlRun" run JOIN "CrawlOutcome" o ON o."runId" = run."id"
      WHERE run."orgId" = r."orgId" AND run."startedAt" > ${since}::timestamptz AND run."kind" = 'look'
        AND o."repositoryId" = r."id" ORDER BY run."id" DESC LIMIT 1
    ) look ON true
    LEFT JOIN LATERAL (
      SELECT s."id", s."takenAt" FROM "Snapshot" s WHERE s."repositoryId" = r."id" ORDER BY s."id" DESC LIMIT 1
    ) newest ON true
    LEFT JOIN "Scan" scan ON scan."id" = r."latestScanId"
    WHERE ${visible(scope)} AND r."name" = ${name}`
  if (row === undefined) return null
  return { look: row.id === null ? null : lookIn(row, now) }
}

function lookIn(row: Row, now: Date): Look {
  const state = stateOf(row)
  const isOpen = state === 'asked' || state === 'looking'
  const waits = isOpen && row.waitsUntil !== null && row.waitsUntil > now ? row.waitsUntil.toISOString() : null
  return {
    id: row.id,
    state,
    reason: row.reason,
    found: isOpen || state === 'failed' ? null : foundIn(row),
    commit: row.headOid,
    waitsUntil: waits,
  }
}

function stateOf({ state, outcome, judged }: Row): Look['state'] {
  if (state === 'asked') return 'asked'
  if (state === 'running') return 'looking'
  if (state !== 'done' || ['denied', 'gone', 'blocked', 'failed'].includes(outcome)) return 'failed'
  // `judged` is null where nothing was judged yet.
  return judged === true || outcome === 'empty' ? 'done' : 'judging'
}

function foundIn({ outcome, takenAt, startedAt }: Row): NonNullable<Look['found']> {
  if (outcome === 'empty') return 'empty'
  if (outcome !== 'unchanged') return 'content'
  // Settings change without a commit: then the last snapshot was taken again with them.
  return takenAt !== null && takenAt >= startedAt ? 'settings' : 'nothing'
}
