import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { readBlockYaml, type YamlNode } from './block-yaml.ts'
import { UnreadableFile } from './lockfile.ts'

export type { YamlNode } from './block-yaml.ts'

/** The full parser takes its time over damage: a second for 60 KB of quotes. */
const FULL_PARSER_LIMIT = 60_000
const MAX_DEPTH = 100

/** The documents of a YAML text with lines; refuses damage with its line. */
export function parseYamlDocuments(text: string): YamlNode[] {
  const quick = readBlockYaml(text)
  if (quick !== null) return quick
  if (text.length > FULL_PARSER_LIMIT)
    throw new UnreadableFile('YAML of a kind that no package manager writes, and larger than 60 KB', 1)
  const lineCounter = new LineCounter()
  // Each fault made pretty copies its line: quadratic where a line has thousands of faults.
  const documents = parseAllDocuments(text, {
    lineCounter,
    uniqueKeys: false,
    schema: 'failsafe',
    logLevel: 'silent',
    prettyErrors: false,
  })
  if (!Array.isArray(documents)) return []
  return documents.map(document => {
    const fault = document.errors[0]
    if (fault !== undefined)
      throw new UnreadableFile(`not valid YAML: ${firstWords(fault.message)}`, lineCounter.linePos(fault.pos[0]).line)
    return convert(document.contents, lineCounter, new Map(), 0)
  })
}

/** The first document; an empty map where there is none. */
export function parseYaml(text: string): YamlNode {
  return parseYamlDocuments(text)[0] ?? { line: 1, value: new Map() }
}

/** The map below a node; an empty one where it is something else. */
export function mapOf(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return node?.value instanceof Map ? node.value : new Map()
}

export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return Array.isArray(node?.value) ? node.value : []
}

/** The scalar text of a node; '' where it is something else. */
export function scalarOf(node: YamlNode | undefined): string {
  return typeof node?.value === 'string' ? node.value : ''
}

/** Anchors are shared, never copied, so that an alias bomb stays as small as it was written. */
function convert(
  node: Node | null | undefined,
  lines: LineCounter,
  anchors: Map<string, YamlNode>,
  depth: number,
): YamlNode {
  const line = node?.range ? lines.linePos(node.range[0]).line : 1
  if (depth > MAX_DEPTH) throw new UnreadableFile(`YAML nested deeper than ${MAX_DEPTH}`, line)
  if (isAlias(node)) return anchors.get(node.source) ?? { line, value: '' }
  const found: YamlNode = { line, value: '' }
  if (isScalar(node)) found.value = node.value === null || node.value === undefined ? '' : String(node.value)
  if (isSeq(node)) found.value = node.items.map(item => convert(item as Node, lines, anchors, depth + 1))
  if (isMap(node)) {
    const map = new Map<string, YamlNode>()
    for (const pair of node.items) {
      const key = convert(pair.key as Node, lines, anchors, depth + 1)
      const value = convert(pair.value as Node | null, lines, anchors, depth + 1)
      map.set(scalarOf(key), { line: key.line, value: value.value })
    }
    found.value = map
  }
  const anchor = node && 'anchor' in node ? node.anchor : undefined
  if (anchor !== undefined) anchors.set(anchor, found)
  return found
}

function firstWords(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+.*$/, '')
}
