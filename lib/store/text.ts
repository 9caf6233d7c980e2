import type { Prisma } from '#prisma/generated/client.ts'

/** Text as PostgreSQL can hold it: NUL and halves of surrogate pairs, which it refuses, become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Plain data as a JSON column can hold it; the same replacement in every string, names included. */
export function storableJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(jsonText(value)) as Prisma.InputJsonValue
}

type Plain = string | number | boolean | null | undefined | Date | readonly Plain[] | { readonly [name: string]: Plain }
export type PlainRow = { readonly [name: string]: Plain | bigint }

/** Rows for `jsonb_to_recordset`: one parameter however many rows. Bigints become digits, dates ISO text. */
export function rowsJson(rows: readonly PlainRow[]): string {
  return jsonText(rows.map(withDigits))
}

/** JSON text as the database can hold it. */
export function jsonText(value: unknown): string {
  const text = written(value)
  // Both are always escaped in JSON, so that one look at the text tells whether anything must be replaced.
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text
  return JSON.stringify(value, (_, inner) => cleaned(digits('', inner)))
}

/** A replacer is called for everything within, which takes three times as long: only what has bigints further in gets one. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(value, digits)
  }
}

function withDigits(row: PlainRow): PlainRow {
  if (!Object.values(row).some(value => typeof value === 'bigint')) return row
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, digits(name, value) as PlainRow[string]]))
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
