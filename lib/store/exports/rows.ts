import type { Prisma } from '#prisma/generated/client.ts'
import type { Database } from '../database.ts'

/**
 * As much as is in memory at once, whatever the length of the file: twice some ten MB. A statement costs as much as a
 * thousand rows before its first.
 */
const BATCH = 5_000

/**
 * The rows of a long list in the order of their `key`, a batch at a time: each asks for what comes after the last key. The
 * database reads the next batch while this one is written out; no more than these two are held.
 * Not one snapshot: a row that is written meanwhile may or may not be in it, and none is there twice.
 */
export async function* batches<Row extends { key: bigint | number }>(
  db: Database,
  after: (last: bigint, limit: number) => Prisma.Sql,
): AsyncGenerator<Row[]> {
  const read = (last: bigint) => {
    const rows = db.$queryRaw<Row[]>(after(last, BATCH)).then(found => found)
    // Whoever takes no more never asks what became of the last one; who goes on is told where it is awaited.
    rows.catch(() => {})
    return rows
  }
  let next = read(-1n)
  for (;;) {
    const rows = await next
    const end = rows.at(-1)
    if (end === undefined) return
    next = read(BigInt(end.key))
    yield rows
  }
}
