/**
 * Reads the block YAML that most workflows and manifests are, many times faster than the full parser and with the same
 * nodes at the same places. It knows lines, keys, lists, values of one line and anchors of values, merges; a value beyond that is
 * given to the full parser by itself, and a document with more (tags, tabs, keys with anchors) is left to it.
 */
import { colonIn, plainScalar, plainValue, type Shifted, skipSpaces } from './plain-value.ts'
import type { ReadYaml, YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from './yaml.ts'
import { YamlLines } from './yaml-lines.ts'
import { MOST_MERGED, mergeEntries } from './yaml-merge.ts'

/** Reads a piece of the text that begins at an offset of it; `padded` stands in for what is in front on its first line. */
type FullParser = (padded: string, shift: number) => ReadYaml

const DEEPEST = 100
const LONGEST_KEY = 1_000
const MOST_ALIASES = 1_000
const [NEWLINE, SPACE, HASH, AMPERSAND, DASH] = [10, 32, 35, 38, 45]

/** With what else a name may hold the full parser has to do. */
const NAME = /^[\w-]+(?=[ ]|$)/

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
  private readonly anchors = new Map<string, YamlNode>()
  private aliases = 0
  private merged = 0
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
    const anchored = this.anchorAt(from, end)
    if (anchored) return this.anchoredNode(anchored, end, column, false, depth)
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
    const merges: YamlNode[] = []
    for (let at = start; ; at = this.lines.firstOf(this.line)) {
      const entry = this.entry(column, at, depth)
      if (this.text.startsWith('<<', at)) merges.push(entry.value)
      else entries.push(entry)
      if (!this.isNext(column) || this.isItem(this.lines.firstOf(this.line))) break
    }
    const made: YamlMap = {
      kind: 'map',
      entries,
      flow: false,
      start: start + this.shift,
      end: this.behind + this.shift,
    }
    for (const merge of merges) this.merged += mergeEntries(made, merge)
    if (this.merged > MOST_MERGED) throw new Beyond()
    return made
  }

  private entry(column: number, at: number, depth: number): YamlEntry {
    const { text } = this
    const end = this.lines.endOf(this.line)
    this.refuseTabs(at, end)
    const colon = colonIn(text, at, end)
    const key = colon === -1 || colon - at > LONGEST_KEY ? null : plainScalar(this.of, at, colon)
    // `<<a` is a key like any other.
    if (!key || (key.text !== '<<' && key.text.startsWith('<<'))) throw new Beyond()
    const made = { key: key.text, keyStart: key.start, keyEnd: key.end }
    const from = skipSpaces(text, colon + 1, end)
    const anchored = this.anchorAt(from, end)
    if (anchored) return { ...made, value: this.anchoredNode(anchored, end, column, true, depth) }
    if (from >= end || text.charCodeAt(from) === HASH) return { ...made, value: this.below(column, true, from, depth) }
    const value = this.value(from, end, column)
    if (value) return { ...made, value }
    const read = this.given(at, column)
    const [only, ...more] = read.kind === 'map' ? read.entries : []
    if (!only || more.length > 0 || only.keyStart !== key.start) throw new Beyond()
    return only
  }

  /** An anchor in front of a value, and where that begins. */
  private anchorAt(at: number, end: number): { name: string; from: number } | null {
    if (at >= end || this.text.charCodeAt(at) !== AMPERSAND) return null
    const name = NAME.exec(this.text.slice(at + 1, end))?.[0]
    if (name === undefined) throw new Beyond()
    return { name, from: skipSpaces(this.text, at + 1 + name.length, end) }
  }

  private anchoredNode(
    { name, from }: { name: string; from: number },
    end: number,
    column: number,
    isKey: boolean,
    depth: number,
  ): YamlNode {
    // An alias in the value itself is not to find an older anchor of that name.
    this.anchors.delete(name)
    const isBelow = from >= end || this.text.charCodeAt(from) === HASH
    if (this.text[from] === '*') throw new Beyond()
    if (!isBelow && !isKey && (this.isItem(from) || colonIn(this.text, from, end) !== -1)) throw new Beyond()
    const node = isBelow ? this.below(column, isKey, from, depth) : this.value(from, end, column)
    // Where an empty value stands behind its anchor only the full parser tells.
    if (!node || (node.kind === 'scalar' && node.value === null && isBelow)) throw new Beyond()
    this.anchors.set(name, node)
    return node
  }

  /** The node at the anchor; one that is still being read is a cycle. */
  private alias(from: number, end: number, column: number): YamlNode {
    const name = NAME.exec(this.text.slice(from + 1, end))?.[0] ?? ''
    const behind = skipSpaces(this.text, from + 1 + name.length, end)
    const node = this.anchors.get(name)
    const next = this.lines.says(this.line + 1)
    const isDeeper = next < this.lines.count && this.lines.indentOf(next) > column
    const isAlone = behind >= end || this.text.charCodeAt(behind) === HASH
    if (!node || !isAlone || isDeeper || ++this.aliases > MOST_ALIASES) throw new Beyond()
    this.behind = this.behindComments(next, column)
    this.line = next
    return node
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
  private value(from: number, end: number, column: number): YamlNode | null {
    this.refuseTabs(from, end)
    const lead = this.text[from] ?? ''
    if (lead === '&' || lead === '!') throw new Beyond()
    if (lead === '*') return this.alias(from, end, column)
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
