import type { Prisma } from '#prisma/generated/client.ts'

/** Text as PostgreSQL can hold it: NUL and halves of surrogate pairs, which it refuses, become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Plain data as a JSON column can hold it; the same replacement in every string, names included. */
export function storableJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(jsonText(value)) as Prisma.InputJsonValue
}

/** Rows for `jsonb_to_recordset`: one parameter however many rows. Bigints become digits, dates ISO text. */
export function rowsJson(rows: readonly object[]): string {
  return jsonText(rows)
}

/** The same as JSON text. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, digits)
  // Both are always escaped in JSON, so that one look at the text tells whether anything must be replaced.
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text
  return JSON.stringify(value, (_, inner) => cleaned(digits('', inner)))
}

function digits(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), inner]))
}

/** A text of the asker's as a part of a LIKE pattern that stands for itself. */
export function likeText(text: string): string {
  return storable(text).replace(/[\\%_]/g, String.raw`\$&`)
}
