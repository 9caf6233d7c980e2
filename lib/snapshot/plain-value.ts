/** Values and keys of block YAML that begin and end on one line and need no more than a look. */
import type { YamlMap, YamlNode, YamlScalar, YamlSeq } from './yaml.ts'

const [SPACE, COLON] = [32, 58]

/** A text, and how far its offsets lie behind those of the file. */
export type Shifted = { text: string; shift: number }

/** Within a line: a search of the whole text would take quadratic time. */
export function findIn(text: string, wanted: string, from: number, end: number): number {
  const found = text.slice(from, end).indexOf(wanted)
  return found === -1 ? -1 : from + found
}

export function skipSpaces(text: string, from: number, end: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) === SPACE) at++
  return at
}

/** The colon that ends the key that begins here; -1 where no key does. */
export function colonIn(text: string, at: number, end: number): number {
  const lead = text[at] ?? ''
  if (lead === '{' || lead === '[') return -1
  const isColon = (one: number) =>
    one < end && text.charCodeAt(one) === COLON && (one + 1 >= end || text.charCodeAt(one + 1) === SPACE)
  if (lead === '"' || lead === "'") {
    const behind = findIn(text, lead, at + 1, end) + 1
    return behind > 0 && isColon(behind) ? behind : -1
  }
  for (let colon = findIn(text, ':', at, end); colon !== -1; colon = findIn(text, ':', colon + 1, end))
    if (isColon(colon)) return findIn(text, ' #', at, colon) === -1 ? colon : -1
  return -1
}

/** What stands from there to the end of the line, without a comment; null where it is not as plain as that. */
export function plainValue(of: Shifted, from: number, end: number): YamlScalar | YamlSeq | YamlMap | null {
  const last = endOfValue(of.text, from, end)
  const lead = of.text[from]
  if (lead === '[' || lead === '{') return flow(of, from, last)
  return lead !== '"' && lead !== "'" && colonIn(of.text, from, end) !== -1 ? null : plainScalar(of, from, last)
}

export function plainScalar(of: Shifted, start: number, end: number): YamlScalar | null {
  const lead = of.text[start]
  return lead === '"' || lead === "'" ? quoted(of, start, end) : bare(of, start, end)
}

/** Without the comment and the blanks behind it. What stands in quotes is no comment. */
function endOfValue(text: string, from: number, end: number): number {
  const lead = text[from] ?? ''
  const inside = lead === '"' || lead === "'" ? findIn(text, lead, from + 1, end) + 1 : from
  const comment = findIn(text, ' #', Math.max(inside, from), end)
  return trimmed(text, from, comment === -1 ? end : comment)
}

function trimmed(text: string, start: number, end: number): number {
  let last = end
  while (last > start && text.charCodeAt(last - 1) === SPACE) last--
  return last
}

function bare(of: Shifted, start: number, end: number): YamlScalar | null {
  const last = trimmed(of.text, start, end)
  const text = of.text.slice(start, last)
  const isIndicator = /^(?:[,[\]{}#&*!|>'"%@`]|[?:-](?: |$))/.test(text)
  if (text === '' || isIndicator) return null
  return { kind: 'scalar', value: meaningOf(text), text, style: 'plain', ...places(of, start, last) }
}

function quoted(of: Shifted, start: number, end: number): YamlScalar | null {
  const text = of.text.slice(start + 1, end - 1)
  const quote = of.text[start] ?? ''
  // Escapes, and a comment or another string behind it.
  if (end - start < 2 || of.text[end - 1] !== quote || text.includes(quote) || text.includes('\\')) return null
  return { kind: 'scalar', value: text, text, style: 'quoted', ...places(of, start, end) }
}

/** An empty list or map, and a list of words, each plain or in quotes. */
function flow(of: Shifted, start: number, end: number): YamlSeq | YamlMap | null {
  const { text } = of
  const isEmpty = skipSpaces(text, start + 1, end - 1) === end - 1
  if (text[start] === '{')
    return isEmpty && text[end - 1] === '}' ? { kind: 'map', entries: [], flow: true, ...places(of, start, end) } : null
  if (text[end - 1] !== ']') return null
  const items: YamlNode[] = []
  for (let at = start + 1; at < end - 1 && !isEmpty; ) {
    const from = skipSpaces(text, at, end - 1)
    const comma = findIn(text, ',', from, end - 1)
    const item = word(of, from, trimmed(text, from, comma === -1 ? end - 1 : comma))
    if (!item) return null
    items.push(item)
    at = comma === -1 ? end : comma + 1
  }
  return { kind: 'seq', items, flow: true, ...places(of, start, end) }
}

/** Without what could mean more in a list of one line. */
function word(of: Shifted, start: number, end: number): YamlScalar | null {
  return /^["'\w./][^:#[\]{},]*$/.test(of.text.slice(start, end)) ? plainScalar(of, start, end) : null
}

function places({ shift }: Shifted, start: number, end: number): { start: number; end: number } {
  return { start: start + shift, end: end + shift }
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['~', 'null', 'Null', 'NULL'].map(one => [one, null] as const),
  ...['true', 'True', 'TRUE'].map(one => [one, true] as const),
  ...['false', 'False', 'FALSE'].map(one => [one, false] as const),
])

/** What a plain scalar means by the core schema of YAML 1.2. */
function meaningOf(source: string): YamlScalar['value'] {
  const said = WORDS.get(source)
  if (said !== undefined) return said
  if (!/^[-+.0-9]/.test(source)) return source
  if (/^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(source)) return Number(source)
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(source)) return Number(source)
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity
  return /^\.(?:nan|NaN|NAN)$/.test(source) ? Number.NaN : source
}
