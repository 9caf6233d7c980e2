/** What a condition of a workflow comes to in a given case: true, false, or not to be told before it runs. */
import { Binary, type Expr, FunctionCall, Grouping, Literal, Logical, Unary } from '@actions/expressions/ast'
import { conditionTree, contextPath, expressionsIn } from './expression.ts'

/**
 * What is known of a value: it is one of few, it is a text that begins so, it is a name that nothing here has
 * (`foreign`), or nothing is known.
 */
export type Known = { oneOf: readonly unknown[] } | { prefix: string } | 'foreign' | 'unknown'

/** What a context holds in the case that is looked at, by its path in lower case: `github.event_name`. */
export type World = (path: string) => Known

/** Undefined where it cannot be told; an absent condition is true. */
export function holds(condition: string | undefined, world: World): boolean | undefined {
  if (condition === undefined || condition.trim() === '') return true
  const tree = conditionTree(condition)
  return tree ? truthOf(evaluated(tree, world)) : undefined
}

/** True where the words ask whether what came before went wrong, so that they hold only then. */
export function asksForStatus(condition: string | undefined): boolean {
  return condition !== undefined && /\b(?:always|failure|cancelled)\s*\(/i.test(condition)
}

function truthOf(value: Known): boolean | undefined {
  if (value === 'foreign') return true
  if (value === 'unknown') return undefined
  if ('prefix' in value) return value.prefix === '' ? undefined : true
  const truths = new Set(value.oneOf.map(one => Boolean(one)))
  return truths.size === 1 ? truths.has(true) : undefined
}

function just(value: unknown): Known {
  return { oneOf: [value] }
}

function told(truth: boolean | undefined): Known {
  return truth === undefined ? 'unknown' : just(truth)
}

function evaluated(tree: Expr, world: World): Known {
  if (tree instanceof Grouping) return evaluated(tree.group, world)
  if (tree instanceof Literal) return just(literalOf(tree))
  if (tree instanceof Logical) return logical(tree, world)
  if (tree instanceof Binary) return told(compare(tree, world))
  if (tree instanceof Unary) {
    const truth = truthOf(evaluated(tree.expr, world))
    return told(truth === undefined ? undefined : !truth)
  }
  if (tree instanceof FunctionCall) return called(tree, world)
  const path = contextPath(tree)
  return path === null ? 'unknown' : world(path)
}

function literalOf({ token, literal }: Literal): unknown {
  if (/^(?:true|false)$/.test(token.lexeme)) return token.lexeme === 'true'
  if (token.lexeme === 'null') return null
  return token.lexeme.startsWith("'") ? literal.coerceString() : literal.number()
}

function logical({ operator, args }: Logical, world: World): Known {
  const isAnd = operator.lexeme === '&&'
  let last: Known = 'unknown'
  let open = false
  for (const arg of args) {
    last = evaluated(arg, world)
    const truth = truthOf(last)
    // One that is false makes the whole of an `&&` false, whatever stands before it.
    if (truth !== undefined && truth !== isAnd) return open ? just(!isAnd) : last
    if (truth === undefined) open = true
  }
  return open ? 'unknown' : last
}

function compare({ left, operator, right }: Binary, world: World): boolean | undefined {
  const same = equal(evaluated(left, world), evaluated(right, world))
  if (operator.lexeme === '==') return same
  return operator.lexeme === '!=' && same !== undefined ? !same : undefined
}

function equal(left: Known, right: Known): boolean | undefined {
  if (left === 'foreign' || right === 'foreign') return left === right ? undefined : false
  if (left === 'unknown' || right === 'unknown') return undefined
  if ('prefix' in left) return 'prefix' in right ? undefined : mayBegin(left.prefix, right.oneOf)
  if ('prefix' in right) return mayBegin(right.prefix, left.oneOf)
  const answers = new Set(left.oneOf.flatMap(a => right.oneOf.map(b => looselyEqual(a, b))))
  return answers.size === 1 ? answers.has(true) : undefined
}

function mayBegin(prefix: string, texts: readonly unknown[]): false | undefined {
  return texts.some(text => startsWith(text, prefix)) ? undefined : false
}

function startsWith(text: unknown, prefix: unknown): boolean {
  return String(text ?? '')
    .toLowerCase()
    .startsWith(String(prefix ?? '').toLowerCase())
}

/** As GitHub compares: texts without regard to case, values of different kinds as numbers. */
function looselyEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase()
  return typeof a === typeof b || (a === null && b === null) ? a === b : Number(a ?? 0) === Number(b ?? 0)
}

function called({ functionName, args }: FunctionCall, world: World): Known {
  const [first = 'unknown', second = 'unknown'] = args.map(arg => evaluated(arg, world))
  switch (functionName.lexeme.toLowerCase()) {
    case 'always':
    case 'success':
      return just(true)
    case 'failure':
    case 'cancelled':
      return just(false)
    case 'fromjson':
      return eachOf(first, parsedJson)
    case 'contains':
      return contains(first, second)
    case 'startswith':
      return told(begins(first, second))
    case 'endswith':
      return both(first, second, (text, end) => String(text).toLowerCase().endsWith(String(end).toLowerCase()))
    default:
      return 'unknown'
  }
}

function eachOf(value: Known, made: (one: unknown) => unknown): Known {
  return typeof value === 'object' && 'oneOf' in value ? { oneOf: value.oneOf.map(made) } : 'unknown'
}

function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    // Such a step fails when it runs; what it would have been does not matter.
    return null
  }
}

function both(left: Known, right: Known, decide: (a: unknown, b: unknown) => boolean): Known {
  if (typeof left !== 'object' || typeof right !== 'object' || 'prefix' in left || 'prefix' in right) return 'unknown'
  const answers = new Set(left.oneOf.flatMap(a => right.oneOf.map(b => decide(a, b))))
  return answers.size === 1 ? just(answers.has(true)) : 'unknown'
}

function contains(where: Known, what: Known): Known {
  if (what === 'foreign' && typeof where === 'object' && 'oneOf' in where) return just(false)
  return both(where, what, (container, item) =>
    Array.isArray(container)
      ? container.some(one => looselyEqual(one, item))
      : String(container ?? '')
          .toLowerCase()
          .includes(String(item ?? '').toLowerCase()),
  )
}

function begins(text: Known, start: Known): boolean | undefined {
  if (typeof start !== 'object' || 'prefix' in start || typeof text !== 'object') return undefined
  const answers = new Set(
    start.oneOf.map(one => {
      if ('oneOf' in text) return text.oneOf.every(a => startsWith(a, one)) ? 'yes' : noneBegins(text.oneOf, one)
      if (startsWith(text.prefix, one)) return 'yes'
      return startsWith(one, text.prefix) ? 'open' : 'no'
    }),
  )
  return answers.size !== 1 || answers.has('open') ? undefined : answers.has('yes')
}

function noneBegins(texts: readonly unknown[], start: unknown): 'no' | 'open' {
  return texts.some(text => startsWith(text, start)) ? 'open' : 'no'
}

/** The text with each expression written out whose value is known. */
export function filled(text: string, world: World): string {
  if (!text.includes('${{')) return text
  let made = ''
  let done = 0
  for (const { start, end, tree } of expressionsIn(text)) {
    const value = tree ? evaluated(tree, world) : 'unknown'
    const only = typeof value === 'object' && 'oneOf' in value && value.oneOf.length === 1 ? value.oneOf[0] : undefined
    if (only === undefined || (typeof only === 'object' && only !== null)) continue
    made += text.slice(done, start) + String(only ?? '')
    done = end
  }
  return made + text.slice(done)
}
