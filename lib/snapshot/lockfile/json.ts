import { jsonTree } from '../json-tree.ts'
import { conflictLine } from './conflict.ts'
import { UnreadableFile } from './lockfile.ts'

export type Json = { readonly [key: string]: unknown }

const NOTHING: Json = Object.freeze({})

/** Parses JSON whose top is an object; refuses everything else with the line of the fault. */
export function parseJsonObject(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const conflict = conflictLine(text)
    if (conflict !== null) throw new UnreadableFile('merge conflict markers', conflict)
    throw new UnreadableFile(`not valid JSON: ${faultOf(error)}`, lineOfFault(text, error))
  }
  if (!isObject(value)) throw new UnreadableFile('not a JSON object', 1)
  return value
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object; an empty one where it is something else. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : NOTHING
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The value as text; '' where it is something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter(item => typeof item === 'string')
}

function faultOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split(/,? (?:in JSON|at position|"\.\.\.|\.\.\.)/)[0] ?? message).slice(0, 120).replace(/\s+/g, ' ')
}

function lineOfFault(text: string, error: unknown): number {
  const message = error instanceof Error ? error.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  if (/end of JSON/.test(message)) return lineAt(text, text.length)
  return lineAt(text, position === undefined ? firstFault(text) : Number(position))
}

/** Of a short text the engine shows the text rather than the place. */
function firstFault(text: string): number {
  return jsonTree(text, { disallowComments: true }).faults[0]?.offset ?? 0
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** The lines of offsets that only grow, in one pass over the text. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return offset => {
    for (; next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) line++
    return line
  }
}

/**
 * Finds the lines of JSON keys in the order in which they stand, since JSON.parse keeps no places: one pass over the
 * text for any number of keys. A key that cannot be found (escaped another way, reordered) gets the last line found.
 */
export function keyLines(
  text: string,
  from = 0,
): { next(key: string): number; nextValue(key: string, value: string): number } {
  let offset = Math.max(0, from)
  let counted = 0
  let line = 1
  let misses = 0

  function advance(to: number): number {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < to; at = text.indexOf('\n', counted)) {
      line++
      counted = at + 1
    }
    return line
  }

  function find(needle: string, fits: (end: number) => boolean): number {
    // Each miss reads to the end of the text, so their number is bounded.
    if (misses > 50) return line
    for (let at = text.indexOf(needle, offset); at !== -1; at = text.indexOf(needle, at + 1)) {
      if (!fits(at + needle.length)) continue
      offset = at + needle.length
      return advance(at)
    }
    misses++
    return line
  }

  return {
    next: key => find(JSON.stringify(key), end => opens(text, end)),
    nextValue: (key, value) =>
      find(JSON.stringify(value), end => isValueOf(text, end - JSON.stringify(value).length, key)),
  }
}

/** After a key: a colon and an opening brace or bracket, so that a scalar of the same name is not taken for it. */
function opens(text: string, end: number): boolean {
  let at = skipSpace(text, end)
  if (text[at] !== ':') return false
  at = skipSpace(text, at + 1)
  return text[at] === '{' || text[at] === '['
}

function isValueOf(text: string, start: number, key: string): boolean {
  let at = start - 1
  while (at >= 0 && isSpace(text.charCodeAt(at))) at--
  if (text[at] !== ':') return false
  at--
  while (at >= 0 && isSpace(text.charCodeAt(at))) at--
  return text.endsWith(`"${key}"`, at + 1)
}

function skipSpace(text: string, at: number): number {
  let next = at
  while (isSpace(text.charCodeAt(next))) next++
  return next
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}
