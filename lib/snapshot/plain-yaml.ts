/**
 * Reads the block YAML that most workflows and manifests are, many times faster than the full parser and with the same
 * nodes at the same places. It knows lines, keys, lists and values of one line; a value beyond that is given to the full
 * parser by itself, and a document with more (anchors, tags, tabs) is left to it.
 */
import { colonIn, plainScalar, plainValue, type Shifted, skipSpaces } from './plain-value.ts'
import type { ReadYaml, YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from './yaml.ts'
import { YamlLines } from './yaml-lines.ts'

/** Reads a piece of the text that begins at an offset of it; `padded` stands in for what is in front on its first line. */
type FullParser = (padded: string, shift: number) => ReadYaml

const DEEPEST = 100
const LONGEST_KEY = 1_000
const [NEWLINE, SPACE, HASH, DASH] = [10, 32, 35, 45]

class Beyond extends Error {}

/**
 * The first document of a text without carriage returns; null where it has to be left to the full parser. Block
 * collections end with their last value: comments behind it belong to nobody.
 */
export function readPlainYaml(text: string, shift: number, full: FullParser): YamlNode | null {
  if (text.includes('\r')) return null
  try {
    return new PlainReader({ text, shift }, full).document()
  } catch (error) {
    if (error instanceof Beyond) return null
    throw error
  }
}

class PlainReader {
  private readonly of: Shifted
  private readonly text: string
  private readonly shift: number
  private readonly full: FullParser
  private readonly lines: YamlLines
  private readonly hasTabs: boolean
  /** The next line that says something. */
  private line: number
  /** Behind the last value that was read, with the rest of its line. */
  private behind = 0

  constructor(of: Shifted, full: FullParser) {
    this.of = of
    this.text = of.text
    this.shift = of.shift
    this.full = full
    this.lines = new YamlLines(of.text)
    this.hasTabs = of.text.includes('\t')
    this.line = this.lines.says(0)
  }

  document(): YamlNode {
    if (!this.lines.isPlain || this.line >= this.lines.count) throw new Beyond()
    const node = this.block(this.lines.indentOf(this.line), 0)
    if (this.line < this.lines.count) throw new Beyond()
    return node
  }

  /** The block whose first line is the next, its first character at `column` of it. */
  private block(column: number, depth: number): YamlNode {
    if (depth > DEEPEST) throw new Beyond()
    const at = this.lines.startOf(this.line) + column
    return this.isItem(at) ? this.list(column, at, depth) : this.map(column, at, depth)
  }

  private isItem(at: number): boolean {
    if (this.text.charCodeAt(at) !== DASH) return false
    const next = this.text.charCodeAt(at + 1)
    return next === SPACE || next === NEWLINE || at + 1 >= this.text.length
  }

  private list(column: number, start: number, depth: number): YamlSeq {
    const items: YamlNode[] = []
    for (let at = start; this.isItem(at); at = this.lines.firstOf(this.line)) {
      items.push(this.item(column, at, depth))
      if (!this.isNext(column)) break
    }
    return { kind: 'seq', items, flow: false, start: start + this.shift, end: this.behind + this.shift }
  }

  private item(column: number, at: number, depth: number): YamlNode {
    const end = this.lines.endOf(this.line)
    const from = skipSpaces(this.text, at + 1, end)
    if (from >= end || this.text.charCodeAt(from) === HASH) return this.below(column, false, from, depth)
    if (this.isItem(from) || colonIn(this.text, from, end) !== -1)
      return this.block(from - this.lines.startOf(this.line), depth + 1)
    const value = this.value(from, end, column)
    if (value) return value
    const read = this.given(at, column)
    const [only, ...more] = read.kind === 'seq' ? read.items : []
    if (!only || more.length > 0) throw new Beyond()
    return only
  }

  private map(column: number, start: number, depth: number): YamlMap {
    const entries: YamlEntry[] = []
    for (let at = start; ; at = this.lines.firstOf(this.line)) {
      entries.push(this.entry(column, at, depth))
      if (!this.isNext(column) || this.isItem(this.lines.firstOf(this.line))) break
    }
    return { kind: 'map', entries, flow: false, start: start + this.shift, end: this.behind + this.shift }
  }

  private entry(column: number, at: number, depth: number): YamlEntry {
    const { text } = this
    const end = this.lines.endOf(this.line)
    this.refuseTabs(at, end)
    const colon = colonIn(text, at, end)
    const key = colon === -1 || colon - at > LONGEST_KEY ? null : plainScalar(this.of, at, colon)
    if (!key || key.text === '<<') throw new Beyond()
    const made = { key: key.text, keyStart: key.start, keyEnd: key.end }
    const from = skipSpaces(text, colon + 1, end)
    if (from >= end || text.charCodeAt(from) === HASH) return { ...made, value: this.below(column, true, from, depth) }
    const value = this.value(from, end, column)
    if (value) return { ...made, value }
    const read = this.given(at, column)
    const [only, ...more] = read.kind === 'map' ? read.entries : []
    if (!only || more.length > 0 || only.keyStart !== key.start) throw new Beyond()
    return only
  }

  private refuseTabs(from: number, end: number): void {
    if (this.hasTabs && this.text.slice(from, end).includes('\t')) throw new Beyond()
  }

  /** True where the next line continues a block; one that stands between two blocks belongs to neither. */
  private isNext(column: number): boolean {
    if (this.line >= this.lines.count) return false
    const indent = this.lines.indentOf(this.line)
    if (indent > column) throw new Beyond()
    return indent === column
  }

  /** What stands below a key or a dash that nothing follows on its line. A list may begin in the column of its key. */
  private below(column: number, isKey: boolean, empty: number, depth: number): YamlNode {
    this.line = this.lines.says(this.line + 1)
    if (this.line < this.lines.count) {
      const indent = this.lines.indentOf(this.line)
      const isList = isKey && indent === column && this.isItem(this.lines.firstOf(this.line))
      if (indent > column || isList) return this.block(indent, depth + 1)
    }
    this.behind = empty
    const at = empty + this.shift
    return { kind: 'scalar', value: null, text: '', style: 'plain', start: at, end: at }
  }

  /** A value that ends on its line, or a text as it stands; null where only the full parser can tell, with nothing taken. */
  private value(from: number, end: number, column: number): YamlScalar | YamlSeq | YamlMap | null {
    this.refuseTabs(from, end)
    const lead = this.text[from] ?? ''
    if (lead === '&' || lead === '*' || lead === '!') throw new Beyond()
    if (lead === '|') return this.literal(from, end, column)
    const next = this.lines.says(this.line + 1)
    if (next < this.lines.count && this.lines.indentOf(next) > column) return null
    const found = plainValue(this.of, from, end)
    if (!found) return null
    this.behind = this.behindComments(next, column)
    this.line = next
    return found
  }

  /** The comments below a value that stand deeper than its key belong to it. */
  private behindComments(next: number, column: number): number {
    let last = this.line
    for (let at = this.line + 1; at < next; at++) {
      if (this.lines.isBlank(at)) continue
      if (this.lines.indentOf(at) <= column) break
      last = at
    }
    return this.lines.behind(last)
  }

  /** `|` and `|-`: the lines below that stand deeper, without what they all are indented by. */
  private literal(from: number, end: number, column: number): YamlScalar | null {
    const { text, lines } = this
    const header = text.slice(from, end)
    let at = this.line + 1
    while (at < lines.count && lines.isBlank(at)) at++
    const indent = lines.indentOf(at)
    if ((header !== '|' && header !== '|-') || at >= lines.count || indent <= column) return null
    const said: string[] = []
    let last = at
    for (let next = this.line + 1; next < lines.count; next++) {
      const [start, stop] = [lines.startOf(next), lines.endOf(next)]
      const isLong = stop - start > indent
      if (!lines.isBlank(next) && lines.indentOf(next) < indent) break
      // Blank lines in front of the first that are longer than its indentation are an error.
      if (next < at && isLong) return null
      said.push(text.slice(Math.min(start + indent, stop), stop))
      if (isLong || !lines.isBlank(next)) last = next
    }
    said.length = last - this.line
    const value = said.join('\n') + (header === '|' ? '\n' : '')
    this.behind = lines.behind(last)
    this.line = lines.says(last + 1)
    const places = { start: from + this.shift, end: this.behind + this.shift }
    return { kind: 'scalar', value, text: value, style: 'block', ...places }
  }

  /** What the full parser says of an entry or item with everything that stands deeper. */
  private given(at: number, column: number): YamlNode {
    const { lines } = this
    let last = this.line
    let next = last + 1
    // What looks like a comment may be a line of a text, and so may blank lines behind it.
    for (; next < lines.count && (lines.isBlank(next) || lines.indentOf(next) > column); next++)
      if (!lines.isBlank(next)) last = next
    const piece = this.text.slice(at, lines.behind(next - 1))
    // An anchor or alias in it would have to be known outside.
    if (/(?:^|[\s,[{:-])[&*!][\w"']/.test(piece)) throw new Beyond()
    const read = this.full(' '.repeat(column) + piece, at - column + this.shift)
    if (!read.ok) throw new Beyond()
    this.line = lines.says(last + 1)
    this.behind = Math.max(lines.behind(last), read.root.end - this.shift)
    return read.root
  }
}
