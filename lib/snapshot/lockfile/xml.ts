import { parseXml as parse, XmlElement, XmlError } from '@rgrove/parse-xml'
import { lineAt } from './json.ts'
import { UnreadableFile } from './lockfile.ts'

/** An element with what the readers of project files ask of it. */
export type XmlNode = {
  name: string
  attributes: Readonly<Record<string, string>>
  text: string
  line: number
  children: readonly XmlNode[]
}

/** Parses XML; refuses damage with its line. Unknown entities stay as they are. */
export function parseXml(source: string): XmlNode {
  try {
    const document = parse(source, { includeOffsets: true, ignoreUndefinedEntities: true })
    const starts = lineStarts(source)
    if (document.root === null) throw new UnreadableFile('has no root element', 1)
    return convert(document.root, starts)
  } catch (error) {
    if (error instanceof XmlError)
      throw new UnreadableFile(`not valid XML: ${error.message.split('\n')[0]?.replace(/ \(line.*$/, '')}`, error.line)
    if (error instanceof RangeError) throw new UnreadableFile('nested too deeply', lineAt(source, source.length))
    throw error
  }
}

/** The elements of that name directly below. */
export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return (node?.children ?? []).filter(child => child.name === name)
}

/** The element at a path of names below, the first of each. */
export function childAt(node: XmlNode | undefined, ...path: string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>((at, name) => at?.children.find(child => child.name === name), node)
}

/** The trimmed text of a child; '' where there is none. */
export function childText(node: XmlNode | undefined, name: string): string {
  return childAt(node, name)?.text ?? ''
}

/** Every element of that name at any depth, in document order. */
export function descendantsOf(node: XmlNode, name: string): XmlNode[] {
  return node.children.flatMap(child =>
    child.name === name ? [child, ...descendantsOf(child, name)] : descendantsOf(child, name),
  )
}

function convert(element: XmlElement, starts: readonly number[]): XmlNode {
  const children = element.children.filter(child => child instanceof XmlElement).map(child => convert(child, starts))
  const text = children.length === 0 ? element.text.trim() : ''
  return {
    name: element.name.replace(/^.*:/, ''),
    attributes: element.attributes,
    text,
    line: lineOf(starts, element.start),
    children,
  }
}

function lineStarts(source: string): number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
