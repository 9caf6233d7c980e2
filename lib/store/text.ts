import type { Prisma } from '#prisma/generated/client.ts'

/** Text as PostgreSQL can hold it: NUL and halves of surrogate pairs, which it refuses, become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Plain data as a JSON column can hold it; the same replacement in every string, names included. */
export function storableJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value, (_, inner) => cleaned(inner))) as Prisma.InputJsonValue
}

/** Rows for `jsonb_to_recordset`: one parameter however many rows. Bigints become digits, dates ISO text. */
export function rowsJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : cleaned(inner)))
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), inner]))
}
