/** Expressions of workflows, `${{ … }}`: where they stand in a text, and which contexts their value is made of. */
import { Lexer, Parser } from '@actions/expressions'
import {
  ContextAccess,
  type Expr,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Star,
} from '@actions/expressions/ast'

/** Offsets are of the text, with `${{` and `}}`. `tree` is null where GitHub would refuse the expression. */
export type Expression = { start: number; end: number; source: string; tree: Expr | null }

const CONTEXTS = ['github', 'env', 'vars', 'job', 'jobs', 'steps', 'runner', 'secrets', 'strategy', 'matrix', 'needs']
const FUNCTIONS = [
  { name: 'hashFiles', minArgs: 1, maxArgs: 255 },
  ...['success', 'always', 'cancelled', 'failure'].map(name => ({ name, minArgs: 0, maxArgs: 255 })),
]
const LONGEST = 21_000
const MOST = 500

/** Each expression of a text, in order. A quoted `}}` ends none. */
export function expressionsIn(text: string): Expression[] {
  const found: Expression[] = []
  for (let start = text.indexOf('${{'); start !== -1 && found.length < MOST; start = text.indexOf('${{', start)) {
    const end = endOfExpression(text, start + 3)
    if (end === -1) break
    const source = text.slice(start + 3, end - 2)
    found.push({ start, end, source: source.trim(), tree: parseExpression(source) })
    start = end
  }
  return found
}

function endOfExpression(text: string, from: number): number {
  let quoted = false
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted
    else if (!quoted && text[at] === '}' && text[at + 1] === '}') return at + 2
  }
  return -1
}

// The same few conditions are asked for again and again.
const parsed = new Map<string, Expr | null>()
const MOST_KNOWN = 5_000

export function parseExpression(source: string): Expr | null {
  const known = parsed.get(source)
  if (known !== undefined) return known
  const tree = parse(source)
  if (parsed.size > MOST_KNOWN) parsed.clear()
  parsed.set(source, tree)
  return tree
}

function parse(source: string): Expr | null {
  // GitHub takes no longer ones.
  if (source.length > LONGEST) return null
  try {
    const extensions = FUNCTIONS.map(one => ({ ...one, description: '' }))
    return new Parser(new Lexer(source.trim()).lex().tokens, [...CONTEXTS, 'inputs'], extensions).parse() ?? null
  } catch {
    // What GitHub refuses never runs.
    return null
  }
}

/** The tree of an `if:`, which may stand without its braces; null where it is empty, refused or mixed with other text. */
export function conditionTree(text: string): Expr | null {
  const [first, second] = expressionsIn(text)
  if (!first) return parseExpression(text)
  const isWhole = second === undefined && text.slice(0, first.start).trim() + text.slice(first.end).trim() === ''
  return isWhole ? first.tree : null
}

/** `github.event.issue.title`, in lower case, `*` for a part that is computed; null where it is no context. */
export function contextPath(tree: Expr): string | null {
  if (tree instanceof Grouping) return contextPath(tree.group)
  if (tree instanceof ContextAccess) return tree.name.lexeme.toLowerCase()
  if (!(tree instanceof IndexAccess)) return null
  const base = contextPath(tree.expr)
  return base === null ? null : `${base}.${partOf(tree.index)}`
}

function partOf(index: Expr): string {
  if (index instanceof Star || !(index instanceof Literal)) return '*'
  const text = index.literal.coerceString()
  return /^\d+$/.test(text) ? '*' : text.toLowerCase()
}

/** The contexts that can come out as a part of the value; those that only decide between values are left out. */
export function contextsInValue(tree: Expr): string[] {
  if (tree instanceof Grouping) return contextsInValue(tree.group)
  if (tree instanceof ContextAccess || tree instanceof IndexAccess) {
    const path = contextPath(tree)
    if (path !== null) return [path]
    return tree instanceof IndexAccess ? contextsInValue(tree.expr) : []
  }
  if (tree instanceof Logical) {
    // Of `a && b`, a comes out only where it is empty or false.
    const isAnd = tree.operator.lexeme === '&&'
    return (isAnd ? tree.args.slice(-1) : tree.args).flatMap(contextsInValue)
  }
  return tree instanceof FunctionCall ? argumentsInValue(tree).flatMap(contextsInValue) : []
}

function argumentsInValue({ functionName, args }: FunctionCall): Expr[] {
  const name = functionName.lexeme.toLowerCase()
  if (name === 'case') return args.filter((_, index) => index % 2 === 1 || index === args.length - 1)
  return /^(?:format|join|tojson|fromjson)$/.test(name) ? args : []
}
