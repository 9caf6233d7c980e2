import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../api/frame.ts'
import type { WaiverTarget, WaiverWish } from '../api/waivers.ts'
import type { Waiver } from '../policy/waiver.ts'
import type { Session } from './database.ts'
import { rowsJson, storable } from './text.ts'
import { visible } from './visible.ts'

/** Who acts on a waiver, as shown then. */
export type Actor = { id: string; name: string }

/** By repository, the waivers that are in force there at that time. One query. */
export async function waiversInForce(tx: Session, at: ReadonlyMap<bigint, Date>): Promise<Map<bigint, Waiver[]>> {
  const given = rowsJson([...at].map(([repositoryId, time]) => ({ repositoryId, time })))
  const rows = await tx.$queryRaw<(Waiver & { repositoryId: bigint })[]>`
    SELECT w."id", w."repositoryId", w."scope", w."checkId", w."fingerprint", w."path"
    FROM jsonb_to_recordset(${given}::jsonb) AS g("repositoryId" bigint, "time" timestamptz)
    JOIN "Waiver" w USING ("repositoryId") WHERE w."state" = 'granted' AND w."until" > g."time" ORDER BY w."id"`
  return Map.groupBy(rows, row => row.repositoryId)
}

/** A waiver as far as deciding on it needs. `repositoryId` locks, `repository` names. */
export type KnownWaiver = {
  id: number
  repositoryId: bigint
  repository: string
  state: string
  askedBy: string
  until: Date
  subject: string
}

/** One that the asker sees; null where it is not there, or not shown. */
export async function findWaiver(tx: Session, scope: Scope, id: number): Promise<KnownWaiver | null> {
  const [found] = await tx.$queryRaw<KnownWaiver[]>`
    select w.id, w."repositoryId", r.name as repository, w.state, w."askedBy", w.until, w.subject
    from "Waiver" w join "Repository" r on r.id = w."repositoryId" where ${visible(scope)} and w.id = ${id}`
  return found ?? null
}

/** Those of these repositories in which the check failed when they were last judged. */
export async function failingAmong(
  db: Session,
  scope: Scope,
  names: readonly string[],
  checkId: string,
): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    select r.name from "Repository" r
    join "CheckResult" c on c."scanId" = r."latestScanId" and c."checkId" = ${checkId} and c.outcome = 'fail'
    where ${visible(scope)} and r.name = any(${names})`
  return new Set(rows.map(({ name }) => name))
}

/** What a wish is over: the repository's id, and the words that stand for the thing. Null where it is not there. */
export async function findTarget(
  tx: Session,
  scope: Scope,
  { repository, target }: Pick<WaiverWish, 'repository' | 'target'>,
): Promise<{ repositoryId: bigint; subject: string } | null> {
  const { fingerprint, checkId } = columnsOf(target)
  const [found] = await tx.$queryRaw<{ id: bigint; path: string | null; message: string | null }[]>`
    select r.id, f.path, f.message from "Repository" r
    left join "Finding" f on f."repositoryId" = r.id and f."fixedAt" is null and f.fingerprint = ${fingerprint}
      and f."checkId" = ${checkId}
    where ${visible(scope)} and r.name = ${repository} limit 1`
  if (found === undefined || (target.scope === 'finding' && found.path === null)) return null
  const subject = target.scope === 'finding' ? `${found.path}: ${found.message}` : subjectOf(target)
  return { repositoryId: found.id, subject }
}

function subjectOf(target: Exclude<WaiverTarget, { scope: 'finding' }>): string {
  if (target.scope === 'path') return target.path
  return target.scope === 'check' ? target.checkId : 'everything in it'
}

/** Adds a wish and the first line of its history. Null where the same is asked for already, or in force. */
export async function addWaiver(
  tx: Session,
  wish: Pick<WaiverWish, 'target' | 'reason' | 'words'> & { repositoryId: bigint; subject: string; until: Date },
  actor: Actor,
  now: Date,
): Promise<number | null> {
  const { repositoryId, target, reason, until } = wish
  const columns = columnsOf(target)
  // The repository's row is locked by the caller, so that two who ask at once come one after the other.
  const same = await tx.waiver.findFirst({
    where: {
      ...{ repositoryId, scope: target.scope, ...columns },
      OR: [{ state: 'asked' }, { state: 'granted', until: { gt: now } }],
    },
    select: { id: true },
  })
  if (same !== null) return null
  const words = storable(wish.words)
  const subject = storable(wish.subject).slice(0, 1_000)
  const { id } = await tx.waiver.create({
    data: {
      ...{ repositoryId, scope: target.scope, ...columns, subject, reason, words, state: 'asked', until },
      ...{ askedAt: now, askedBy: actor.id, askedName: storable(actor.name) },
    },
    select: { id: true },
  })
  await addEvent(tx, id, { at: now, name: actor.name, what: 'asked', until, words })
  return id
}

function columnsOf(target: WaiverTarget) {
  return {
    checkId: target.scope === 'repository' ? null : target.checkId,
    fingerprint: target.scope === 'finding' ? target.fingerprint : null,
    path: target.scope === 'path' ? target.path : null,
  }
}

type Change = {
  /** The states in which it may be; anything else, and nothing is changed. */
  from: readonly string[]
  what: 'granted' | 'refused' | 'renewed' | 'revoked' | 'withdrawn' | 'expired'
  to: string
  until?: Date
  laid?: boolean
  words: string
}

/** Changes a waiver and writes its history; false where somebody else was first. */
export async function changeWaiver(
  tx: Session,
  id: number,
  { from, what, to, until, laid, words }: Change,
  name: string,
  at: Date,
): Promise<boolean> {
  const decided = what === 'granted' || what === 'refused' ? { decidedAt: at, decidedName: storable(name) } : {}
  const { count } = await tx.waiver.updateMany({
    where: { id, state: { in: [...from] } },
    data: { state: to, ...decided, ...(until && { until }), ...(laid !== undefined && { laid }) },
  })
  if (count === 0) return false
  await addEvent(tx, id, { at, name, what, until: until ?? null, words })
  return true
}

async function addEvent(
  tx: Session,
  waiverId: number,
  event: { at: Date; name: string; what: string; until: Date | null; words: string },
): Promise<void> {
  const data = { ...event, waiverId, name: storable(event.name), words: storable(event.words) }
  await tx.waiverEvent.create({ data })
}

/** Waivers that ended by that time and still stand over a scan, the earliest end first. One query over an index. */
export async function endedWaivers(db: Session, now: Date, limit: number): Promise<KnownWaiver[]> {
  return db.$queryRaw<KnownWaiver[]>(Prisma.sql`
    select w.id, w."repositoryId", r.name as repository, w.state, w."askedBy", w.until, w.subject
    from "Waiver" w join "Repository" r on r.id = w."repositoryId"
    where w.laid and w.until <= ${now} and w.state = 'granted' order by w.until, w.id limit ${limit}`)
}
