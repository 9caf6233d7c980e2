/**
 * A policy while it is edited: its text is the only draft, and the form changes that text in place. So comments and the
 * order of what stands there stay, and what is not right yet is kept as it was typed.
 */
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  type Pair,
  parseDocument,
  stringify,
  visit,
} from 'yaml'
import { type PolicyProblem, readPolicy } from './read-policy.ts'

export type DraftPath = readonly (string | number)[]
export type DraftValue = string | number | readonly string[] | Readonly<Record<string, unknown>>

/**
 * `value`: what the text says, whether or not a policy may say it. A text that the form cannot show has `refused` instead:
 * it is no YAML, or something of another shape stands where the form has fields.
 */
export type Draft =
  | { value: Readonly<Record<string, unknown>>; problems: readonly PolicyProblem[] }
  | { refused: string; problems: readonly PolicyProblem[] }

const READ = { uniqueKeys: true, merge: false } as const

/** `checks`: the ids that there are. */
export function readDraft(text: string, checks: readonly string[]): Draft {
  const read = readPolicy(text, checks)
  if ('document' in read) return formable(text, read.document, [])
  const whole = read.problems.filter(({ path }) => path.length === 0)
  if (whole.length > 0) return { refused: 'The text cannot be read as a policy.', problems: read.problems }
  const value: unknown = parseDocument(text, READ).toJS({ maxAliasCount: 50 }) ?? {}
  if (!hasShape(value)) return { refused: 'Something stands where the form has other fields.', problems: read.problems }
  return formable(text, value, read.problems)
}

function formable(text: string, value: Readonly<Record<string, unknown>>, problems: readonly PolicyProblem[]): Draft {
  let aliases = false
  visit(parseDocument(text, READ), {
    Alias: () => {
      aliases = true
      return visit.BREAK
    },
  })
  if (aliases)
    return { refused: 'It says things once for several places (&, *), which the form cannot keep.', problems }
  return { value, problems }
}

type Shape =
  | 'value'
  | 'words'
  | 'value or words'
  | { each: Shape }
  | { list: Shape }
  | { keys: Readonly<Record<string, Shape>> }

const LAYER: Readonly<Record<string, Shape>> = {
  items: { each: 'value' },
  checks: { each: { each: 'value' } },
  actions: { list: { each: 'value' } },
  registries: { each: 'words' },
  'left-out': 'words',
}
const GROUP: Shape = {
  keys: { ...LAYER, match: { keys: { topics: 'words', teams: 'words', properties: { each: 'value or words' } } } },
}
const DOCUMENT: Shape = { keys: { ...LAYER, groups: { list: GROUP } } }

/** Lists and names stand where the form shows lists and names; what the values are is the schema's to say. */
function hasShape(value: unknown, shape: Shape = DOCUMENT): value is Readonly<Record<string, unknown>> {
  if (shape === 'value') return typeof value !== 'object' || value === null
  if (shape === 'value or words') return hasShape(value, 'value') || hasShape(value, 'words')
  if (shape === 'words') return Array.isArray(value) && value.every(one => typeof one !== 'object')
  if ('list' in shape) return Array.isArray(value) && value.every(one => hasShape(one, shape.list))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([key, inner]) => {
    const own = 'each' in shape ? shape.each : shape.keys[key]
    return hasShape(inner, own ?? 'value')
  })
}

/** The text with the value at a path set, or taken out where it is undefined; comments are kept, spacing is made even. */
export function withValue(text: string, path: DraftPath, value: DraftValue | undefined): string {
  const yaml = parseDocument(text, READ)
  if (value === undefined) takeOut(yaml, path)
  else {
    if (yaml.get('version') === undefined) yaml.set('version', 1)
    const isNew = !yaml.has(path[0])
    const before = yaml.getIn(path, true)
    const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true)
    // What was "" or {} on the way is written as people write it once it is filled.
    if (isCollection(parent) && parent.items.length === 0) parent.flow = false
    if (isScalar(before) && typeof value !== 'object')
      Object.assign(before, { value }, needsQuotes(before.value) && { type: 'PLAIN' })
    else yaml.setIn(path, typeof value === 'object' ? yaml.createNode(value) : value)
    if (isNew) setApart(yaml)
  }
  return printed(yaml)
}

/** The text with a group moved one place up (-1) or down (1). */
export function withGroupMoved(text: string, from: number, by: -1 | 1): string {
  const yaml = parseDocument(text, READ)
  const groups = yaml.get('groups')
  if (!isCollection(groups)) return text
  const [moved] = groups.items.splice(from, 1)
  if (moved !== undefined) groups.items.splice(from + by, 0, moved as never)
  return printed(yaml)
}

/** On the way to a name there may be an empty one, or a space at its end. */
function needsQuotes(value: unknown): boolean {
  return /^["']/.test(stringify(value))
}

function printed(yaml: Document): string {
  return yaml.toString({ lineWidth: 0 })
}

/** A new part begins after an empty line, as people write it. */
function setApart(yaml: Document): void {
  if (!isMap(yaml.contents)) return
  const { key } = yaml.contents.items.at(-1) as Pair
  if (isScalar(key)) key.spaceBefore = true
  else if (typeof key === 'string') (yaml.contents.items.at(-1) as Pair).key = spaced(yaml, key)
}

function spaced(yaml: Document, key: string) {
  const node = yaml.createNode(key)
  node.spaceBefore = true
  return node
}

/** What may not be empty goes with the last that stood in it; of a group the words that say whom it is of stay. */
function takeOut(yaml: Document, path: DraftPath): void {
  const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true)
  if (!isCollection(parent)) return
  const key = path.at(-1)
  const at = isMap(parent) ? parent.items.findIndex(pair => keyOf(pair) === key) : Number(key)
  const gone = parent.items[at]
  if (gone === undefined) return
  parent.items.splice(at, 1)
  const comments = commentsIn(gone)
  if (parent.items.length === 0 && path.length > 1 && path.at(-2) !== 'match') {
    keep(comments, parent)
    takeOut(yaml, path.slice(0, -1))
    return
  }
  const next = parent.items[at]
  keep(comments, next === undefined ? parent : isPair(next) ? next.key : next, next !== undefined)
}

function keyOf({ key }: Pair): unknown {
  return isScalar(key) ? key.value : key
}

/** The comments above, beside and within a node, in their order. */
function commentsIn(node: unknown): string[] {
  const comments: string[] = []
  for (const root of isPair(node) ? [node.key, node.value] : [node]) {
    if (!isNode(root)) continue
    visit(root, {
      Node: (_, { commentBefore, comment }) => {
        for (const one of [commentBefore, comment]) if (one) comments.push(one)
      },
    })
  }
  return comments
}

/** Nobody's words are lost with the setting that they stood at: they move above what follows, or to the end. */
function keep(comments: readonly string[], to: unknown, above = false): void {
  if (comments.length === 0 || !isNode(to)) return
  if (above) to.commentBefore = [...comments, ...(to.commentBefore ? [to.commentBefore] : [])].join('\n')
  else to.comment = [...(to.comment ? [to.comment] : []), ...comments].join('\n')
}
