import { createHash } from 'node:crypto'
import { Prisma } from '#prisma/generated/client.ts'
import type { AuditAction, AuditFilter } from '../api/audit.ts'
import { type Database, inTransaction, type Session } from './database.ts'
import { storable, storableJson } from './text.ts'

/** What happened. `actor` is a person's id, `system` or `anonymous`; `resource` names the thing, e.g. `repository:acme/api`. */
export type AuditEntry = {
  at: Date
  actor: string
  name: string
  action: AuditAction
  resource: string
  /** The client's address; null for what ran by itself, or where it is not known. */
  address: string | null
  details: Readonly<Record<string, string | number | boolean | null>>
}

export type AuditRow = AuditEntry & { seq: bigint; hash: string }

/** `previous`: the hash of the row before. */
type Stored = AuditRow & { previous: string }

/** The hash before the first row. */
const START = '0'.repeat(64)
const PAGE = 500

/** Adds a row behind the newest one. In a transaction of the caller's the row exists exactly when what it tells does. */
export async function appendAudit(tx: Session, entry: AuditEntry): Promise<void> {
  // Rows form one chain: their writers come one after the other.
  await tx.$executeRaw`LOCK TABLE "AuditEvent" IN EXCLUSIVE MODE`
  const last = await tx.auditEvent.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } })
  const row = {
    ...entry,
    name: storable(entry.name),
    resource: storable(entry.resource),
    details: storableJson(entry.details) as AuditEntry['details'],
    seq: (last?.seq ?? 0n) + 1n,
    previous: last?.hash ?? START,
  }
  await tx.auditEvent.create({ data: { ...row, hash: hashOf(row) } })
}

/** How often somebody did this since then. */
export async function countActs(
  tx: Session,
  { actor, action, since }: { actor: string; action: AuditAction; since: Date },
): Promise<number> {
  return tx.auditEvent.count({ where: { actor, action, at: { gt: since } } })
}

export async function audit(db: Database, entry: AuditEntry): Promise<void> {
  await inTransaction(db, tx => appendAudit(tx, entry))
}

/** Newest first; `before` is the `seq` of the last row of the page before. */
export async function readAudit(
  db: Database,
  { before, limit, ...filter }: AuditFilter & { before?: bigint | undefined; limit: number },
): Promise<AuditRow[]> {
  const older = before === undefined ? Prisma.empty : Prisma.sql`and seq < ${before}`
  const rows = await db.$queryRaw<Stored[]>`
    select * from "AuditEvent" where ${fitting(filter)} ${older} order by seq desc limit ${limit}`
  return rows.map(({ previous: _, ...row }) => row)
}

/** The whole log, or what fits of it, oldest first, a batch at a time; memory stays the same however long it is. */
export async function* auditRows(db: Database, filter: AuditFilter): AsyncGenerator<Stored[]> {
  let last = 0n
  for (;;) {
    const rows = await db.$queryRaw<Stored[]>`
      select * from "AuditEvent" where ${fitting(filter)} and seq > ${last} order by seq limit ${PAGE}`
    const end = rows.at(-1)
    if (end === undefined) return
    yield rows
    last = end.seq
  }
}

function fitting({ action, who, which, address, since, until }: AuditFilter): Prisma.Sql {
  const conditions = [
    action && Prisma.sql`(action = ${action} or starts_with(action, ${`${action}.`}))`,
    who && Prisma.sql`(actor = ${who} or name ilike ${part(who)})`,
    which && Prisma.sql`(resource ilike ${part(which)} or details::text ilike ${part(which)})`,
    address && Prisma.sql`address = ${address}`,
    since && Prisma.sql`at >= ${`${since}T00:00:00Z`}::timestamptz`,
    until && Prisma.sql`at < ${`${until}T00:00:00Z`}::timestamptz + interval '1 day'`,
  ].filter(condition => condition !== undefined && condition !== '')
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' and ')
}

function part(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}

/**
 * `brokenAt`: the first row that was changed, or before which rows are missing; null where the chain holds. `older`: how
 * many rows stand before those that were looked at.
 */
export type AuditProof = {
  rows: number
  from: bigint | null
  to: bigint | null
  brokenAt: bigint | null
  older: number
}

/**
 * Walks the chain, a page at a time: all of it, which takes as long as the log is, or only its newest rows, where a change
 * further back is not found.
 */
export async function verifyAudit(db: Database, { newest }: { newest?: number } = {}): Promise<AuditProof> {
  const [ends] = await db.$queryRaw<{ first: bigint | null; last: bigint | null }[]>`
    select min(seq) as first, max(seq) as last from "AuditEvent"`
  const first = ends?.first ?? 0n
  const start = newest === undefined ? first : bigIntMax(first, (ends?.last ?? 0n) - BigInt(newest) + 1n)
  let last: Stored | null = null
  const proof: AuditProof = { rows: 0, from: null, to: null, brokenAt: null, older: Number(start - first) }
  for (;;) {
    const rows = (await db.auditEvent.findMany({
      where: { seq: last === null ? { gte: start } : { gt: (last as Stored).seq } },
      orderBy: { seq: 'asc' },
      take: PAGE,
    })) as Stored[]
    for (const row of rows) {
      proof.from ??= row.seq
      const follows: boolean = last === null || (row.previous === last.hash && row.seq === last.seq + 1n)
      if (!follows || hashOf(row) !== row.hash) return { ...proof, brokenAt: row.seq }
      proof.rows += 1
      proof.to = row.seq
      last = row
    }
    if (rows.length < PAGE) return proof
  }
}

function bigIntMax(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/**
 * Removes what is older than `before` and says so in a row of its own, whose details hold the hash that the oldest kept
 * row follows. Returns how many rows were removed.
 */
export async function trimAudit(db: Database, before: Date, now: Date): Promise<number> {
  return inTransaction(db, async tx => {
    await tx.$executeRaw`LOCK TABLE "AuditEvent" IN EXCLUSIVE MODE`
    // What is kept begins at the first row that is young enough, so that the chain has no hole; the newest row always stays.
    const [kept] = await tx.$queryRaw<{ from: bigint | null }[]>`
      select coalesce(min(seq) filter (where at >= ${before}), max(seq)) as "from" from "AuditEvent"`
    const from = kept?.from ?? 0n
    const last = await tx.auditEvent.findFirst({ where: { seq: { lt: from } }, orderBy: { seq: 'desc' } })
    if (last === null) return 0
    await tx.$executeRaw`SELECT set_config('plumbline.audit_retention', 'on', true)`
    const { count: removed } = await tx.auditEvent.deleteMany({ where: { seq: { lt: from } } })
    await tx.$executeRaw`SELECT set_config('plumbline.audit_retention', '', true)`
    await appendAudit(tx, {
      at: now,
      actor: 'system',
      name: 'Plumbline',
      action: 'audit.trimmed',
      resource: 'audit',
      address: null,
      details: { removed, before: before.toISOString(), lastHash: last.hash },
    })
    return removed
  })
}

function hashOf(row: Omit<Stored, 'hash'>): string {
  const { seq, at, actor, name, action, resource, address, details, previous } = row
  const sorted = Object.entries(details as object).sort(([a], [b]) => (a < b ? -1 : 1))
  const told = [String(seq), at.toISOString(), actor, name, action, resource, address, sorted, previous]
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}
