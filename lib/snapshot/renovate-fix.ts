/** Changes of Renovate's configuration as edits; null where it is written in a way that a person has to change. */
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser'
import { jsonTree } from './json-tree.ts'
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { RenovateConfig } from './renovate.ts'
import { builtInPreset } from './renovate-presets.ts'
import type { SourceFile } from './snapshot.ts'
import type { Table } from './workspaces.ts'

type Replacement = { kind: 'replace'; path: string; start: number; end: number; text: string; anyOrder?: true }
/** `layers`: what would apply then, so that a check can ask whether nothing is missing any more. */
export type RenovateFix = { edits: Replacement[]; layers: Table[] }

/** Extends one more of Renovate's own presets, behind those that are extended already. */
export function withPreset({ file, layers }: RenovateConfig, name: string): RenovateFix | null {
  const root = rootOf(file)
  const preset = builtInPreset(name)
  if (!root || !preset) return null
  const extended = findNodeAtLocation(root, ['extends'])
  const edit = extended ? itemInto(file, extended, name) : propertyInto(file, root, 'extends', [name])
  return edit && { edits: [edit], layers: [...layers.slice(0, -1), preset, ...layers.slice(-1)] }
}

/** Extends another of Renovate's own presets in place of one. */
export function withOtherPreset({ file, layers }: RenovateConfig, old: string, name: string): RenovateFix | null {
  const root = rootOf(file)
  const [before, after] = [builtInPreset(old), builtInPreset(name)]
  const items = (root && findNodeAtLocation(root, ['extends'])?.children) ?? []
  const item = items.find(node => getNodeValue(node) === old)
  if (!item || !before || !after) return null
  const edit = replacement(file, item.offset, item.offset + item.length, JSON.stringify(name))
  return { edits: [edit], layers: layers.map(layer => (layer === before ? after : layer)) }
}

/** Sets a value at the top. */
export function withSetting({ file, layers }: RenovateConfig, key: string, value: unknown): RenovateFix | null {
  const root = rootOf(file)
  if (!root) return null
  const old = findNodeAtLocation(root, [key])
  const edit = old
    ? replacement(file, old.offset, old.offset + old.length, JSON.stringify(value))
    : propertyInto(file, root, key, value)
  return edit && { edits: [edit], layers: [...layers.slice(0, -1), { ...layers.at(-1), [key]: value }] }
}

/** The object of the configuration. JSON5 beyond JSON with comments has no parser that tells places. */
function rootOf(file: SourceFile): Node | null {
  const { root: tree, faults } = jsonTree(file.text, { allowTrailingComma: true })
  const root = file.path.endsWith('package.json') ? tree && findNodeAtLocation(tree, ['renovate']) : tree
  return faults.length === 0 && root?.type === 'object' ? root : null
}

function itemInto(file: SourceFile, list: Node, item: string): Replacement | null {
  if (list.type !== 'array') return null
  const last = list.children?.at(-1)
  const text = JSON.stringify(item)
  if (!last) return replacement(file, list.offset, list.offset + list.length, `[${text}]`)
  return inserted(file, last, `,${gapBefore(file, last) ?? ' '}${text}`)
}

function propertyInto(file: SourceFile, object: Node, key: string, value: unknown): Replacement | null {
  const last = object.children?.at(-1)
  if (!last) return null
  // `["a"]` and not one line an item: that is how short lists are written by hand.
  const text = `${JSON.stringify(key)}: ${JSON.stringify(value)}`
  return inserted(file, last, `,${gapBefore(file, last) ?? ' '}${text}`)
}

/** The line break and indentation in front of a node; null where something else stands before it on its line. */
function gapBefore(file: SourceFile, { offset }: Node): string | null {
  const { start } = lineRange(file, lineAt(file, offset))
  const lead = file.text.slice(start, offset)
  return lead.trim() === '' && start > 0 ? lineBreakOf(file.text) + lead : null
}

function inserted(file: SourceFile, { offset, length }: Node, text: string): Replacement {
  return { ...replacement(file, offset + length, offset + length, text), anyOrder: true }
}

function replacement({ path }: SourceFile, start: number, end: number, text: string): Replacement {
  return { kind: 'replace', path, start, end, text }
}
