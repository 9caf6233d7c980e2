/** A script as the commands that it would run, each with its environment, its folder and whether its failure counts. */
import type { Node } from 'web-tree-sitter'
import { innerScript, runsInput } from './inner-script.ts'
import { parseShell } from './parser.ts'
import { alwaysSucceeds, leaves, optionsOf } from './status.ts'
import { argvOf, unwrapped, type Word, withPlaceholders, wordOf, wordsOf } from './words.ts'

/** `into`: the commands that take what this one prints, by pipe or substitution. `redirects`: files that it writes. */
export type ShellCommand = {
  words: readonly Word[]
  env: ReadonlyMap<string, string>
  cwd: string | null
  start: number
  end: number
  canFail: true | string
  into: readonly (readonly string[])[]
  redirects: readonly string[]
}

/** `enter`: where `cd target` leads from a folder; null where that cannot be told. */
export type ShellOptions = {
  env: ReadonlyMap<string, string>
  cwd: string | null
  errexit: boolean
  pipefail: boolean
  enter: (cwd: string | null, target: Word) => string | null
}

type State = { env: Map<string, string>; cwd: string | null; errexit: boolean; pipefail: boolean }
/** What a failure does: it is the status of the whole, it ends the script, or nothing, with the reason. */
type Fate = 'last' | 'errexit' | { reason: string }
/** `whole` false: it is too large, too deep or too far from shell, and commands may be missing. */
export type ShellCommands = { commands: ShellCommand[]; whole: boolean }
type Reading = { source: string; enter: ShellOptions['enter']; made: ShellCommands; shift: number; depth: number }

const DEEPEST = 200
const MOST_COMMANDS = 5_000

export function readShell(source: string, options: ShellOptions): ShellCommands {
  const state = { ...options, env: new Map(options.env) }
  const made: ShellCommands = { commands: [], whole: true }
  readInto({ source, enter: options.enter, made, shift: 0, depth: 0 }, state, 'last')
  return made
}

function readInto(reading: Reading, state: State, fate: Fate): void {
  const tree = parseShell(withPlaceholders(reading.source))
  if (!tree) {
    reading.made.whole = false
    return
  }
  sequence(reading, tree.rootNode.namedChildren, state, fate)
  tree.delete()
}

/** A script inside a word or a here-document of another. */
function nested(reading: Reading, text: string, start: number, state: State, fate: Fate): void {
  if (reading.depth > 3) return
  const inner: Reading = { ...reading, source: text, shift: reading.shift + start, depth: reading.depth + 1 }
  readInto(inner, copyOf({ ...state, errexit: false, pipefail: false }), fate)
}

function copyOf(state: State): State {
  return { ...state, env: new Map(state.env) }
}

function sequence(reading: Reading, nodes: readonly Node[], state: State, fate: Fate, depth = 0): void {
  const real = nodes.filter(node => node.type !== 'comment')
  real.forEach((node, index) => {
    visit(reading, node, state, fateAt(node, index === real.length - 1, state, fate), depth)
  })
}

function fateAt(node: Node, isLast: boolean, state: State, fate: Fate): Fate {
  if (typeof fate === 'object') return fate
  if (node.nextSibling?.type === '&') return { reason: 'it runs in the background' }
  if (isLast) return fate
  return state.errexit ? 'errexit' : { reason: 'a later command decides the status, because errexit is off' }
}

function visit(reading: Reading, node: Node, state: State, fate: Fate, depth: number, into: string[][] = []): void {
  if (depth > DEEPEST || reading.made.commands.length > MOST_COMMANDS) {
    reading.made.whole = false
    return
  }
  const next = depth + 1
  const children = node.namedChildren
  switch (node.type) {
    case 'command':
      visitCommand(reading, node, state, fate, next, into, [])
      return
    case 'redirected_statement':
      visitRedirected(reading, node, state, fate, next, into)
      return
    case 'list':
      visitList(reading, node, state, fate, next)
      return
    case 'pipeline':
      visitPipeline(reading, children, state, fate, next, into)
      return
    case 'subshell':
      sequence(reading, children, copyOf(state), fate, next)
      return
    case 'function_definition':
      for (const child of children.slice(1)) visit(reading, child, copyOf(state), fate, next)
      return
    case 'program':
    case 'compound_statement':
    case 'do_group':
    case 'else_clause':
      sequence(reading, children, state, fate, next)
      return
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
      visitConditional(reading, node, state, fate, next)
      return
    case 'case_item':
      sequence(
        reading,
        children.filter((_, index) => node.fieldNameForNamedChild(index) !== 'value'),
        state,
        fate,
        next,
      )
      return
    case 'negated_command':
      for (const child of children) visit(reading, child, state, { reason: '`!` turns its status round' }, next)
      return
    case 'declaration_command':
    case 'variable_assignment':
      assign(reading, node, state, fate, next)
      return
    case 'word':
    case 'string_content':
    case 'heredoc_body':
      return
    default:
      for (const child of children) visit(reading, child, state, fate, next, into)
      return
  }
}

function visitList(reading: Reading, node: Node, state: State, fate: Fate, depth: number): void {
  const [left, right] = [node.namedChildren[0], node.namedChildren.at(-1)]
  const isOr = node.children.some(child => child.type === '||')
  if (left && left !== right) {
    const words = right ? reading.source.slice(right.startIndex, right.endIndex) : ''
    const hidden = { reason: `\`|| ${words.split('\n')[0]}\` hides its status` }
    const unseen = { reason: 'errexit does not look at what stands before `&&`' }
    const own = isOr ? (alwaysSucceeds(words) ? hidden : fate) : fate === 'errexit' ? unseen : fate
    visit(reading, left, state, typeof fate === 'object' ? fate : own, depth)
  }
  // What follows `||` runs only where the first failed; its `cd` is not in force afterwards.
  if (right) visit(reading, right, isOr ? copyOf(state) : state, fate, depth)
}

function visitPipeline(
  reading: Reading,
  parts: readonly Node[],
  state: State,
  fate: Fate,
  depth: number,
  into: string[][],
): void {
  const argvs = parts.map(part => argvOf(part, reading.source))
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1
    const own =
      isLast || state.pipefail || typeof fate === 'object'
        ? fate
        : { reason: 'a pipe hides its status (pipefail is off)' }
    visit(reading, part, copyOf(state), own, depth, [...argvs.slice(index + 1), ...into])
  })
}

function visitConditional(reading: Reading, node: Node, state: State, fate: Fate, depth: number): void {
  const { source } = reading
  const tested: Fate = leaves(source.slice(node.startIndex, node.endIndex))
    ? fate
    : { reason: 'its status is only a condition' }
  const isCondition = (index: number) => node.fieldNameForNamedChild(index) === 'condition'
  const children = node.namedChildren
  // The grammar does not name the condition of an elif; it is the first that stands there.
  const conditions = children.filter((_, index) => isCondition(index) || (node.type === 'elif_clause' && index === 0))
  for (const child of conditions) {
    // In a condition `!` only says which branch runs.
    const asked = child.type === 'negated_command' ? (child.namedChildren[0] ?? child) : child
    visit(reading, asked, state, tested, depth)
  }
  sequence(
    reading,
    children.filter(child => !conditions.includes(child)),
    state,
    fate,
    depth,
  )
}

function assign(reading: Reading, node: Node, state: State, fate: Fate, depth: number): void {
  const assignments = node.type === 'variable_assignment' ? [node] : node.namedChildren
  const exported = /^\s*(?:export|declare\s+-\w*x)\b/.test(reading.source.slice(node.startIndex, node.endIndex))
  for (const one of assignments) {
    if (one.type !== 'variable_assignment') continue
    const name = one.childForFieldName('name')?.text ?? ''
    const value = one.childForFieldName('value')
    if (exported || state.env.has(name)) state.env.set(name, value ? wordOf(value, reading.source).text : '')
    if (value)
      visit(reading, value, copyOf(state), node === one ? fate : { reason: '`export` hides its status' }, depth)
  }
}

function visitRedirected(
  reading: Reading,
  node: Node,
  state: State,
  fate: Fate,
  depth: number,
  into: string[][],
): void {
  const body = node.childForFieldName('body')
  const redirects: string[] = []
  const following: Node[] = []
  let document: Node | null = null
  for (const child of node.namedChildren) {
    const target = child.type === 'file_redirect' ? child.childForFieldName('destination') : null
    if (target && /^\d*(?:>|&>)/.test(child.text)) redirects.push(wordOf(target, reading.source).text)
    if (child.type === 'herestring_redirect' || target)
      visit(reading, child, copyOf(state), { reason: 'inside a redirection' }, depth, into)
    if (child.type !== 'heredoc_redirect') continue
    for (const inner of child.namedChildren) {
      if (inner.type === 'heredoc_body') document = inner
      else if (inner.type === 'file_redirect') redirects.push(inner.text.replace(/^\d*>+\s*/, '').replaceAll('"', ''))
      else if (!/^heredoc_/.test(inner.type)) following.push(inner)
    }
  }
  const taking = following.map(inner => argvOf(inner, reading.source)).filter(argv => argv.length > 0)
  if (body?.type === 'command') visitCommand(reading, body, state, fate, depth, [...taking, ...into], redirects)
  else if (body) visit(reading, body, state, fate, depth, into)
  for (const inner of following) visit(reading, inner, state, fate, depth)
  const readers = [body ? argvOf(body, reading.source) : [], ...taking]
  if (document && readers.some(runsInput)) {
    nested(reading, reading.source.slice(document.startIndex, document.endIndex), document.startIndex, state, fate)
  }
}

function visitCommand(
  reading: Reading,
  node: Node,
  state: State,
  fate: Fate,
  depth: number,
  into: string[][],
  redirects: string[],
): void {
  const { source, shift } = reading
  const { words, env: prefixed } = unwrapped(wordsOf(node, source))
  const argv = words.map(({ text }) => text)
  const env = new Map(state.env)
  for (const child of node.namedChildren) {
    if (child.type === 'variable_assignment') {
      const value = child.childForFieldName('value')
      env.set(child.childForFieldName('name')?.text ?? '', value ? wordOf(value, source).text : '')
    } else visitInside(reading, child, state, depth, argv)
  }
  for (const [name, value] of prefixed) env.set(name, value)
  const [program] = argv
  if (program === 'cd' || program === 'pushd') {
    const target = words.slice(1).find(word => !word.text.startsWith('-'))
    if (target) state.cwd = reading.enter(state.cwd, target)
  } else if (program === 'popd') state.cwd = null
  else if (program === 'set') Object.assign(state, optionsOf(argv.slice(1)))
  else if (program === 'unset') for (const name of argv.slice(1)) state.env.delete(name)
  const script = innerScript(words, source)
  if (script) {
    nested(reading, script.text, script.start + 1, { ...state, env }, fate)
    return
  }
  const placed = words.map(word => ({ ...word, start: word.start + shift, end: word.end + shift }))
  const canFail = typeof fate === 'object' ? fate.reason : true
  const place = { start: (words[0]?.start ?? node.startIndex) + shift, end: node.endIndex + shift }
  reading.made.commands.push({ words: placed, env, cwd: state.cwd, ...place, canFail, into, redirects })
}

/** Commands in `$(…)` and `<(…)` of a word; what they print goes to the command around them. */
function visitInside(reading: Reading, node: Node, state: State, depth: number, argv: string[]): void {
  if (depth > DEEPEST) return
  const isInside = node.type === 'command_substitution' || node.type === 'process_substitution'
  for (const child of node.namedChildren) {
    if (isInside)
      visit(reading, child, copyOf(state), { reason: 'the command around `$(…)` decides the status' }, depth + 1, [
        argv,
      ])
    else visitInside(reading, child, state, depth + 1, argv)
  }
}
