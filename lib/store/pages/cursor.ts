/** Where a page of a list begins, as callers carry it from one answer to the next question: a text that tells them nothing. */
import type { z } from 'zod'

export function cursorOf(place: string | number): string {
  return Buffer.from(String(place)).toString('base64url')
}

/** What stands in a cursor, whatever a caller made of it. */
export function textOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8').replaceAll('\0', '').toWellFormed()
}

export function cursorAt(place: readonly (string | number | boolean)[]): string {
  return cursorOf(JSON.stringify(place))
}

/** The same back; null where it is none, as when a list was cut into pages in another way before. */
export function placeOf<Place>(cursor: string, schema: z.ZodType<Place>): Place | null {
  try {
    const place = schema.safeParse(JSON.parse(textOf(cursor)))
    return place.success ? place.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
