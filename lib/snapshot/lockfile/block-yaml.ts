/**
 * Reads the plain block YAML that package managers write, ten times faster than a full parser and with the line of each
 * node: block maps and lists, quoted and folded scalars, flow collections on one line. Anything beyond that makes it
 * return null, and `yaml.ts` asks the full parser instead.
 */
export type YamlNode = { line: number; value: string | YamlNode[] | Map<string, YamlNode> }

const MAX_DEPTH = 60

class Beyond extends Error {}

type Line = { indent: number; text: string; number: number }

/** The documents of a text, or null where it uses what this reader does not know. */
export function readBlockYaml(text: string): YamlNode[] | null {
  try {
    return splitDocuments(text).map(lines => new Reader(lines).document())
  } catch (error) {
    if (error instanceof Beyond) return null
    throw error
  }
}

function splitDocuments(text: string): Line[][] {
  const documents: Line[][] = []
  let current: Line[] = []
  let number = 0
  for (let start = 0; start < text.length; ) {
    number++
    let end = text.indexOf('\n', start)
    if (end === -1) end = text.length
    const raw = text.slice(start, end)
    start = end + 1
    const trimmed = raw.trimEnd()
    if (trimmed === '---' || trimmed === '...') {
      if (current.length > 0) documents.push(current)
      current = []
      continue
    }
    if (trimmed.startsWith('%') || trimmed.startsWith('--- ')) throw new Beyond()
    let indent = 0
    while (trimmed.charCodeAt(indent) === 32) indent++
    if (trimmed.charCodeAt(indent) === 9) throw new Beyond()
    // Blank lines matter inside block scalars only, which no reader here looks into.
    if (indent === trimmed.length || trimmed.charCodeAt(indent) === 35) continue
    current.push({ indent, text: indent === 0 ? trimmed : trimmed.slice(indent), number })
  }
  if (current.length > 0) documents.push(current)
  return documents
}

class Reader {
  private at = 0
  private readonly lines: Line[]
  constructor(lines: Line[]) {
    this.lines = lines
  }

  document(): YamlNode {
    const first = this.lines[0]
    if (first === undefined) throw new Beyond()
    const node = this.block(first.indent, 0)
    if (this.at < this.lines.length) throw new Beyond()
    return node
  }

  private block(indent: number, depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw new Beyond()
    const line = this.lines[this.at]
    if (line === undefined) throw new Beyond()
    return isItem(line.text) ? this.list(indent, depth) : this.map(indent, depth)
  }

  private list(indent: number, depth: number): YamlNode {
    const items: YamlNode[] = []
    const first = this.lines[this.at]?.number ?? 1
    for (
      let line = this.lines[this.at];
      line !== undefined && line.indent === indent && isItem(line.text);
      line = this.lines[this.at]
    ) {
      const rest = line.text.slice(1).trimStart()
      if (rest === '') {
        this.at++
        items.push(this.nested(indent, line.number, depth, false))
        continue
      }
      const inner = line.indent + line.text.length - rest.length
      if (isItem(rest) || keyOf(rest) !== null) {
        // `- key: value`: the rest of the line is the first line of a nested block.
        this.lines[this.at] = { indent: inner, text: rest, number: line.number }
        items.push(this.block(inner, depth + 1))
        continue
      }
      this.at++
      items.push(this.scalar(rest, line, indent))
    }
    return { line: first, value: items }
  }

  private map(indent: number, depth: number): YamlNode {
    const map = new Map<string, YamlNode>()
    const first = this.lines[this.at]?.number ?? 1
    for (
      let line = this.lines[this.at];
      line !== undefined && line.indent === indent && !isItem(line.text);
      line = this.lines[this.at]
    ) {
      this.at++
      let found = keyOf(line.text)
      if (line.text.startsWith('? ')) found = this.explicitKey(line, indent)
      if (found === null) throw new Beyond()
      const node =
        found.rest === '' ? this.nested(indent, line.number, depth, true) : this.scalar(found.rest, line, indent)
      node.line = line.number
      map.set(found.key, node)
    }
    return { line: first, value: map }
  }

  /** `? key` with `: value` or `:` on the next line, as emitters write for keys beyond 1024 characters. */
  private explicitKey(line: Line, indent: number): { key: string; rest: string } {
    const next = this.lines[this.at]
    if (next === undefined || next.indent !== indent || !next.text.startsWith(':')) throw new Beyond()
    const rest = next.text.slice(1).trim()
    const inner = rest === '' ? null : keyOf(rest)
    if (inner === null) this.at++
    else this.lines[this.at] = { indent: indent + next.text.length - rest.length, text: rest, number: next.number }
    return { key: scalarText(line.text.slice(2).trim()), rest: inner === null ? rest : '' }
  }

  private nested(indent: number, number: number, depth: number, listMayAlign: boolean): YamlNode {
    const next = this.lines[this.at]
    if (next === undefined) return { line: number, value: '' }
    if (next.indent > indent) return this.block(next.indent, depth + 1)
    if (listMayAlign && next.indent === indent && isItem(next.text)) return this.list(indent, depth + 1)
    return { line: number, value: '' }
  }

  private scalar(rest: string, line: Line, indent: number): YamlNode {
    const lead = rest[0] ?? ''
    if (lead === '&' || lead === '*' || lead === '!') throw new Beyond()
    if (lead === '|' || lead === '>') return { line: line.number, value: this.deeper(indent).join('\n') }
    if (lead === '{' || lead === '[') return flow(rest, line.number)
    if (lead === '"' || lead === "'") {
      if (!isClosedQuote(rest)) throw new Beyond()
      return { line: line.number, value: scalarText(rest) }
    }
    const folded = this.deeper(indent)
    if (folded.some(part => keyOf(part) !== null)) throw new Beyond()
    return { line: line.number, value: [stripComment(rest), ...folded].join(' ') }
  }

  private deeper(indent: number): string[] {
    const parts: string[] = []
    for (let next = this.lines[this.at]; next !== undefined && next.indent > indent; next = this.lines[this.at]) {
      parts.push(next.text)
      this.at++
    }
    return parts
  }
}

function isItem(text: string): boolean {
  return text.charCodeAt(0) === 45 && (text.length === 1 || text.charCodeAt(1) === 32)
}

/** Splits `key: rest`; null where the line is no map entry. */
function keyOf(text: string): { key: string; rest: string } | null {
  const lead = text.charCodeAt(0)
  if (lead === 34 || lead === 39) {
    const close = closingQuote(text, 0)
    if (close === -1 || text[close + 1] !== ':') return null
    const after = text.slice(close + 2)
    if (after !== '' && after[0] !== ' ') return null
    return { key: scalarText(text.slice(0, close + 1)), rest: restOf(after) }
  }
  if (lead === 123 || lead === 91) return null
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    const after = text.charCodeAt(colon + 1)
    if (colon + 1 === text.length || after === 32)
      return { key: text.slice(0, colon).trimEnd(), rest: restOf(text.slice(colon + 1)) }
  }
  return null
}

function restOf(after: string): string {
  const rest = after.trim()
  return rest.startsWith('#') ? '' : rest
}

function closingQuote(text: string, open: number): number {
  const quote = text[open]
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at++
      else return at
    }
  }
  return -1
}

function isClosedQuote(text: string): boolean {
  const close = closingQuote(text, 0)
  if (close === -1) return false
  const after = text.slice(close + 1)
  return after.trim() === '' || /^\s+#/.test(after)
}

function stripComment(text: string): string {
  const at = text.indexOf(' #')
  return at === -1 ? text : text.slice(0, at).trimEnd()
}

function scalarText(text: string): string {
  const lead = text[0]
  if (lead === "'") return text.slice(1, closingQuote(text, 0)).replaceAll("''", "'")
  if (lead !== '"') return stripComment(text)
  const quoted = text.slice(0, closingQuote(text, 0) + 1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    // Escapes that YAML has and JSON has not: the full parser knows them.
    throw new Beyond()
  }
}

/** A flow collection that opens and closes on one line. */
function flow(text: string, line: number): YamlNode {
  let at = 0

  function value(depth: number): YamlNode {
    if (depth > MAX_DEPTH) throw new Beyond()
    const lead = text[at]
    if (lead === '{') return map(depth)
    if (lead === '[') return list(depth)
    return { line, value: word(',]}') }
  }

  function space(): void {
    while (text[at] === ' ') at++
  }

  function word(stops: string): string {
    if (text[at] === '"' || text[at] === "'") {
      const close = closingQuote(text, at)
      if (close === -1) throw new Beyond()
      const quoted = text.slice(at, close + 1)
      at = close + 1
      return scalarText(quoted)
    }
    const start = at
    while (at < text.length && !stops.includes(text[at] ?? '') && !(text[at] === ':' && (text[at + 1] ?? ' ') === ' '))
      at++
    if (/^[&*!]/.test(text.slice(start, at))) throw new Beyond()
    return text.slice(start, at).trimEnd()
  }

  function map(depth: number): YamlNode {
    const found = new Map<string, YamlNode>()
    at++
    for (space(); text[at] !== '}'; space()) {
      const key = word(',}')
      space()
      if (text[at] === ':') {
        at++
        space()
        found.set(key, value(depth + 1))
      } else found.set(key, { line, value: '' })
      space()
      if (text[at] === ',') at++
      else if (text[at] !== '}') throw new Beyond()
    }
    at++
    return { line, value: found }
  }

  function list(depth: number): YamlNode {
    const found: YamlNode[] = []
    at++
    for (space(); text[at] !== ']'; space()) {
      found.push(value(depth + 1))
      space()
      if (text[at] === ',') at++
      else if (text[at] !== ']') throw new Beyond()
    }
    at++
    return { line, value: found }
  }

  const node = value(0)
  if (!/^\s*(?:#.*)?$/.test(text.slice(at))) throw new Beyond()
  return node
}
