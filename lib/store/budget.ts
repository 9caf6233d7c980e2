/** The budget of one account at the host, kept where every worker can take from it. */
import { type Database, inTransaction } from './database.ts'

type Resource = 'core' | 'graphql'
type Ask = {
  resource: Resource
  wanted: number
  kept: number
  told: { limit: number; remaining: number; resetIn: number } | null
}
type Grant = { granted: number; wait: number; reason: string; workers: number }
type Row = {
  limit: number | null
  remaining: number | null
  resetAt: Date | null
  pausedUntil: Date | null
  heldBy: string | null
  heldUntil: Date | null
}

/** A worker that was killed in the middle of a query holds up the others for so long: GitHub ends one after ten seconds. */
const HELD_MS = 15_000
const SEEN_MS = 120_000
/** How often those look that wait for another worker's query to end. */
const TURN_MS = 50
/** A reset that the host moved by seconds is the same hour's. */
const SAME_HOUR_MS = 60_000

export type KeeperOptions = {
  /** The token or installation; never the token itself. */
  account: string
  /** This process. */
  worker: string
  now: () => Date
}

/** The shared budget as one worker sees it. Every method is one short transaction. */
export function budgetKeeper(db: Database, { account, worker, now }: KeeperOptions) {
  return {
    async ask(ask: Ask): Promise<Grant> {
      return inTransaction(db, async tx => {
        const at = now()
        await tx.$executeRaw`
          INSERT INTO "BudgetUser" ("account", "worker", "seenAt") VALUES (${account}, ${worker}, ${at}::timestamptz)
          ON CONFLICT ("account", "worker") DO UPDATE SET "seenAt" = EXCLUDED."seenAt"`
        await tx.$executeRaw`
          INSERT INTO "Budget" ("account", "resource") VALUES (${account}, ${ask.resource}) ON CONFLICT DO NOTHING`
        const [row] = await tx.$queryRaw<Row[]>`
          SELECT "limit", "remaining", "resetAt", "pausedUntil", "heldBy", "heldUntil" FROM "Budget"
          WHERE "account" = ${account} AND "resource" = ${ask.resource} FOR UPDATE`
        if (row === undefined) throw new Error('A budget that was just written is not there.')
        const { granted, wait, reason, ...next } = decide(row, ask, worker, at)
        await tx.$executeRaw`
          UPDATE "Budget" SET "limit" = ${next.limit}, "remaining" = ${next.remaining},
            "resetAt" = ${next.resetAt}::timestamptz, "heldBy" = ${next.heldBy}, "heldUntil" = ${next.heldUntil}::timestamptz
          WHERE "account" = ${account} AND "resource" = ${ask.resource}`
        const seen = new Date(at.getTime() - SEEN_MS)
        const workers = await tx.budgetUser.count({ where: { account, seenAt: { gte: seen } } })
        return { granted, wait, reason, workers }
      })
    },
    async release(): Promise<void> {
      await db.$executeRaw`
        UPDATE "Budget" SET "heldBy" = NULL, "heldUntil" = NULL
        WHERE "account" = ${account} AND "resource" = 'graphql' AND "heldBy" = ${worker}`
    },
    async pause(resource: Resource | 'all', milliseconds: number): Promise<void> {
      const until = new Date(now().getTime() + milliseconds)
      const resources = resource === 'all' ? ['core', 'graphql'] : [resource]
      await db.$executeRaw`
        INSERT INTO "Budget" ("account", "resource", "pausedUntil")
        SELECT ${account}, r, ${until}::timestamptz FROM unnest(${resources}::text[]) AS r ORDER BY r
        ON CONFLICT ("account", "resource") DO UPDATE
          SET "pausedUntil" = GREATEST("Budget"."pausedUntil", EXCLUDED."pausedUntil")`
    },
  }
}

/** What is granted, and what the row is then. Pure. */
export function decide(
  row: Row,
  { resource, wanted, kept, told }: Ask,
  worker: string,
  now: Date,
): Omit<Row, 'pausedUntil'> & { granted: number; wait: number; reason: string } {
  const { limit, remaining, resetAt } = counted(row, told, now)
  const state = { limit, remaining, resetAt, heldBy: row.heldBy, heldUntil: row.heldUntil }
  const refused = (wait: number, reason: string) => ({ ...state, granted: 0, wait, reason })
  if (row.pausedUntil !== null && row.pausedUntil > now)
    return refused(row.pausedUntil.getTime() - now.getTime(), 'GitHub asked for a pause')
  const isHeld = row.heldBy !== null && row.heldBy !== worker && row.heldUntil !== null && row.heldUntil > now
  if (resource === 'graphql' && isHeld) return refused(TURN_MS, 'another worker asks')
  let granted = wanted
  if (limit !== null && remaining !== null) {
    granted = Math.min(wanted, remaining - Math.ceil(limit * kept))
    if (granted <= 0) {
      const wait = resetAt === null ? SAME_HOUR_MS : Math.max(0, resetAt.getTime() - now.getTime()) + 1_000
      return refused(wait, 'the budget of the hour is used up, but for what is kept for people who wait')
    }
    state.remaining = remaining - granted
  }
  if (resource === 'graphql') Object.assign(state, { heldBy: worker, heldUntil: new Date(now.getTime() + HELD_MS) })
  return { ...state, granted, wait: 0, reason: '' }
}

/** The budget of now: a new hour's is full, and what the host tells counts where it is less than we thought. */
function counted(
  { limit, remaining, resetAt }: Row,
  told: Ask['told'],
  now: Date,
): Pick<Row, 'limit' | 'remaining' | 'resetAt'> {
  if (told !== null) {
    const until = new Date(now.getTime() + told.resetIn)
    const isSameHour = resetAt !== null && resetAt > now && Math.abs(until.getTime() - resetAt.getTime()) < SAME_HOUR_MS
    const left = isSameHour && remaining !== null ? Math.min(remaining, told.remaining) : told.remaining
    return { limit: told.limit, remaining: left, resetAt: isSameHour ? resetAt : until }
  }
  if (resetAt !== null && resetAt <= now) return { limit, remaining: limit, resetAt: null }
  return { limit, remaining, resetAt }
}
