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

/** Where an address turns to: behind `after`, or back up to `upTo`; neither where what it says cannot be read. */
export function turnedTo<Place>(
  { after, upTo }: { after?: string | undefined; upTo?: string | undefined },
  schema: z.ZodType<Place>,
): { after: Place | undefined; upTo: Place | undefined } {
  const place = (cursor: string | undefined) => (cursor && placeOf(cursor, schema)) || undefined
  return { after: place(after), upTo: place(upTo) }
}

/** Where the rows `shown` of a part are turned from to the next ones and back; `more`: the row behind them, in its direction. */
export function turnsOf<Row, Place extends readonly (string | number | boolean)[]>(
  { after, upTo }: { after?: Place | undefined; upTo?: Place | undefined },
  shown: readonly Row[],
  more: Row | undefined,
  place: (row: Row) => Place,
): { next: string | null; previous: string | null } {
  const last = shown.at(-1)
  const ends = (row: Row | undefined) => (more === undefined || row === undefined ? null : cursorAt(place(row)))
  return {
    next: upTo ? cursorAt(upTo) : ends(last),
    previous: upTo ? ends(more) : after ? cursorAt(after) : null,
  }
}
