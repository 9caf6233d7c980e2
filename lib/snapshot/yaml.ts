/**
 * YAML with places, for files that nobody vouches for. Bounded by size, depth, number of tokens and of aliases; never
 * throws. Control characters, a BOM, CRLF, duplicate keys and tabs are tolerated as far as the rest can be told.
 */
import { Composer, isAlias, isMap, isPair, isScalar, isSeq, Lexer, type ParsedNode, Parser, type YAMLError } from 'yaml'
import { lineAt } from './lines.ts'
import { readPlainYaml } from './plain-yaml.ts'
import type { SourceFile } from './snapshot.ts'
import { MOST_MERGED, mergeEntries } from './yaml-merge.ts'

/** Offsets are of the value as written: with quotes, without comment. An alias gives the value at its anchor. */
export type YamlScalar = {
  kind: 'scalar'
  value: string | number | boolean | null
  /** The value as a string: the source of a plain scalar (`1.10` stays `1.10`), the content of a quoted one. */
  text: string
  style: 'plain' | 'quoted' | 'block'
  start: number
  end: number
}
export type YamlSeq = { kind: 'seq'; items: YamlNode[]; flow: boolean; start: number; end: number }
export type YamlEntry = { key: string; keyStart: number; keyEnd: number; value: YamlNode }
/** Every entry as written, duplicates too; entries brought in by `<<` come last and never hide one's own. */
export type YamlMap = { kind: 'map'; entries: YamlEntry[]; flow: boolean; start: number; end: number }
export type YamlNode = YamlScalar | YamlSeq | YamlMap
export type ReadYaml = { ok: true; root: YamlNode } | { ok: false; reason: string; line: number }

const LARGEST = 1024 * 1024
const DEEPEST = 100
const MOST_TOKENS = 600_000
const MOST_ALIASES = 1_000

/** What still leaves a tree that can be judged. Everything else makes the file unreadable, with the parser's words. */
const TOLERATED = new Set(['DUPLICATE_KEY', 'BAD_DQ_ESCAPE', 'TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE'])

// The same file is read by several checks; a file never changes, so it is parsed once.
const readFiles = new WeakMap<SourceFile, ReadYaml>()

export function readYaml(file: SourceFile): ReadYaml {
  const known = readFiles.get(file)
  if (known) return known
  const read = readYamlPart(file, 0, file.text)
  readFiles.set(file, read)
  return read
}

/** The first document of a piece of a file, or of other text of the same length; offsets are those of the file. */
export function readYamlPart(file: SourceFile, shift: number, written: string): ReadYaml {
  return parse(file, shift, written)
}

class TooMuch extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

function refusal(file: SourceFile, shift: number) {
  return (reason: string, offset: number): ReadYaml => {
    const line = lineAt(file, offset + shift)
    return { ok: false, reason: `${reason} (line ${line})`, line }
  }
}

function parse(file: SourceFile, shift: number, written: string): ReadYaml {
  if (written.length > LARGEST) return refusal(file, shift)('larger than 1 MB', 0)
  // Equal length, so that every offset stays true.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const text = written.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]/g, ' ')
  const root = readPlainYaml(text, shift, (piece, at) => parseInFull(file, at, piece))
  return root ? { ok: true, root } : parseInFull(file, shift, text)
}

function parseInFull(file: SourceFile, shift: number, text: string): ReadYaml {
  const refuse = refusal(file, shift)
  try {
    const composer = new Composer({ uniqueKeys: false, merge: true, logLevel: 'silent', strict: false })
    const [document] = composer.compose(boundedTokens(text), true, text.length)
    if (!document) return refuse('no YAML document', 0)
    const fatal = document.errors.find(error => !TOLERATED.has(error.code))
    if (fatal) return refuse(wordsOf(fatal), fatal.pos[0])
    return { ok: true, root: new Converter(text, shift).convert(document.contents as ParsedNode | null, 0) }
  } catch (error) {
    if (error instanceof TooMuch) return refuse(error.message, error.offset)
    // The composer recurses: what our bound on depth lets through may still be too deep for the stack of a small thread.
    if (error instanceof RangeError) return refuse('nested too deeply', 0)
    return refuse(error instanceof Error ? error.message : String(error), 0)
  }
}

function* boundedTokens(text: string) {
  const parser = new Parser()
  let tokens = 0
  for (const lexeme of new Lexer().lex(text)) {
    if (++tokens > MOST_TOKENS) throw new TooMuch(`more than ${MOST_TOKENS} tokens`, parser.offset)
    // A block map and its value take a stack entry each.
    if (parser.stack.length > DEEPEST * 2) throw new TooMuch(`nested deeper than ${DEEPEST} levels`, parser.offset)
    yield* parser.next(lexeme)
  }
  yield* parser.end()
}

function wordsOf(error: YAMLError): string {
  return error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? error.message
}

/**
 * The library's nodes → ours. Each node is converted once, so that an alias shares its anchor's result: a bomb of
 * aliases stays as small as its text, and an alias to its own parent makes a cycle instead of a recursion.
 */
class Converter {
  private readonly text: string
  private readonly done = new Map<unknown, YamlNode>()
  private readonly anchors = new Map<string, YamlNode>()
  private aliases = 0
  private merged = 0
  private readonly shift: number

  constructor(text: string, shift: number) {
    this.text = text
    this.shift = shift
  }

  convert(node: unknown, offset: number): YamlNode {
    const known = this.done.get(node)
    if (known) return known
    if (isAlias(node)) {
      if (++this.aliases > MOST_ALIASES)
        throw new TooMuch(`more than ${MOST_ALIASES} aliases`, node.range?.[0] ?? offset)
      return this.anchors.get(node.source) ?? emptyScalar((node.range?.[0] ?? offset) + this.shift)
    }
    if (isScalar(node)) return this.scalar(node, offset)
    if (isSeq(node)) return this.seq(node, offset)
    if (isMap(node)) return this.map(node, offset)
    return emptyScalar(offset + this.shift)
  }

  private remember<T extends YamlNode>(node: { anchor?: string | undefined }, made: T): T {
    this.done.set(node, made)
    if (node.anchor) this.anchors.set(node.anchor, made)
    return made
  }

  private scalar(node: import('yaml').Scalar, offset: number): YamlScalar {
    const [start, end] = node.range ?? [offset, offset]
    const { value } = node
    const style = node.type?.startsWith('QUOTE') ? 'quoted' : node.type?.startsWith('BLOCK') ? 'block' : 'plain'
    const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    const text = typeof value === 'string' ? value : (node.source ?? this.text.slice(start, end))
    return this.remember(node, {
      kind: 'scalar',
      value: simple ? value : value == null ? null : String(value),
      text,
      style,
      start: start + this.shift,
      end: end + this.shift,
    })
  }

  private seq(node: import('yaml').YAMLSeq, offset: number): YamlSeq {
    const [start, end] = node.range ?? [offset, offset]
    const made: YamlSeq = {
      kind: 'seq',
      items: [],
      flow: node.flow === true,
      start: start + this.shift,
      end: end + this.shift,
    }
    this.remember(node, made)
    for (const item of node.items) made.items.push(this.convert(item, start))
    return made
  }

  private map(node: import('yaml').YAMLMap, offset: number): YamlMap {
    const [start, end] = node.range ?? [offset, offset]
    const made: YamlMap = this.remember(node, {
      kind: 'map',
      entries: [],
      flow: node.flow === true,
      start: start + this.shift,
      end: end + this.shift,
    })
    const merges: YamlNode[] = []
    for (const pair of node.items) {
      if (!isPair(pair)) continue
      const key = this.convert(pair.key, start)
      const value = this.convert(pair.value, key.end - this.shift)
      const isMerge = key.kind === 'scalar' && key.style === 'plain' && key.text === '<<'
      if (isMerge) merges.push(value)
      else if (key.kind === 'scalar') made.entries.push({ key: key.text, keyStart: key.start, keyEnd: key.end, value })
    }
    for (const merge of merges) this.merge(made, merge)
    return made
  }

  private merge(into: YamlMap, from: YamlNode): void {
    this.merged += mergeEntries(into, from)
    if (this.merged > MOST_MERGED) throw new TooMuch(`more than ${MOST_MERGED} merged keys`, into.start - this.shift)
  }
}

/** `offset` is of the file. */
function emptyScalar(offset: number): YamlScalar {
  return { kind: 'scalar', value: null, text: '', style: 'plain', start: offset, end: offset }
}

/** The entry of a key; of duplicates the last, as most parsers do. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.findLast(entry => entry.key === key) : undefined
}

export function childOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value
}

/** Every value of a key, duplicates too: what a judge must not miss because a later key hides it. */
export function valuesOf(node: YamlNode | undefined, key: string): YamlNode[] {
  if (node?.kind !== 'map') return []
  return node.entries.flatMap(entry => (entry.key === key ? [entry.value] : []))
}

/** The text of a scalar that is not null; undefined for everything else. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined
}

/** The items of a list, the one item of a lone scalar, nothing for the rest. */
export function itemsOf(node: YamlNode | undefined): YamlNode[] {
  if (node?.kind === 'seq') return node.items
  return node?.kind === 'scalar' && node.value !== null ? [node] : []
}

/** The end of what a node says, without the blank lines and comments behind it. */
export function endOf(node: YamlNode, depth = 0): number {
  if (node.kind === 'scalar' || node.flow || depth > DEEPEST) return node.end
  if (node.kind === 'seq') return endInside(node, node.start + 1, node.items.at(-1), depth)
  // Merged entries stand elsewhere in the file.
  const last = node.entries.findLast(entry => entry.keyStart >= node.start && entry.keyStart < node.end)
  return last ? endInside(node, last.keyEnd, last.value, depth) : node.start + 1
}

/** An alias leads to another place of the file; then what stands in front of it is the last that is here. */
function endInside(node: YamlNode, own: number, last: YamlNode | undefined, depth: number): number {
  return last && last.start >= node.start ? Math.max(own, endOf(last, depth + 1)) : own
}
