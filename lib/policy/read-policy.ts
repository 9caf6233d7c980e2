/** A policy's YAML, read strictly: what is wrong is told with its line, and nothing that is not understood is passed over. */
import { isMap, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import type { z } from 'zod'
import { type PolicyDocument, policyDocument } from './schema.ts'

/**
 * `sentence` names the place as it is written (`items.pin-actions: …`), `says` is what stands after it. `path` leads to the
 * value in the document; it is empty where the text as a whole is wrong.
 */
export type PolicyProblem = { line: number; sentence: string; path: readonly PropertyKey[]; says: string }
export type ReadPolicy = { document: PolicyDocument } | { problems: PolicyProblem[] }

export const LONGEST_POLICY = 64 * 1024
const MOST_PROBLEMS = 20

/** `checks`: the ids that there are. */
export function readPolicy(text: string, checks: readonly string[]): ReadPolicy {
  if (text.length > LONGEST_POLICY) return { problems: [ofTheWhole(1, 'A policy has 64 KB at most.')] }
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  if (yaml.errors.length > 0) {
    const problems = yaml.errors.map(({ pos, message }) => ofTheWhole(lineAt(pos[0]), firstSentence(message)))
    return { problems: problems.slice(0, MOST_PROBLEMS) }
  }
  let plain: unknown
  try {
    plain = yaml.toJS({ maxAliasCount: 50 })
  } catch {
    return { problems: [ofTheWhole(1, 'Its aliases refer to each other too often.')] }
  }
  const parsed = policyDocument.safeParse(plain ?? {})
  const lineOf = (path: readonly PropertyKey[], key?: string) => lineAt(offsetOf(yaml.contents, path, key))
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(issue => problemsOf(issue, lineOf))
    return { problems: inOrder(problems) }
  }
  const unknown = unknownChecks(parsed.data, checks).map(path => {
    const place = path.slice(0, -1)
    const id = String(path.at(-1))
    return problemAt(path, lineOf(place, id), nameOf(place), `there is no check “${id}”.`)
  })
  return unknown.length > 0 ? { problems: inOrder(unknown) } : { document: parsed.data }
}

type LineOf = (path: readonly PropertyKey[], key?: string) => number

function problemsOf(issue: z.core.$ZodIssue, lineOf: LineOf): PolicyProblem[] {
  const name = nameOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key =>
      problemAt([...issue.path, key], lineOf(issue.path, key), name, `“${key}” is not understood here.`),
    )
  }
  // A key that is none is told where it stands.
  const key = issue.code === 'invalid_key' ? String(issue.path.at(-1)) : undefined
  const path = key === undefined ? issue.path : issue.path.slice(0, -1)
  const [inner] = issue.code === 'invalid_key' ? issue.issues : []
  return [problemAt(issue.path, lineOf(path, key), name || 'The policy', inner?.message ?? saysOf(issue))]
}

function problemAt(path: readonly PropertyKey[], line: number, name: string, says: string): PolicyProblem {
  return { line, path, says, sentence: name === '' ? says : `${name}: ${says}` }
}

function ofTheWhole(line: number, sentence: string): PolicyProblem {
  return problemAt([], line, '', sentence)
}

const SHAPES: Readonly<Record<string, string>> = {
  array: 'Write a list here, or leave it out.',
  object: 'Write names with a value each here, or leave it out.',
  record: 'Write names with a value each here, or leave it out.',
  string: 'Write words here.',
}

/** The schema's own sentence; where something of another shape stands, which it should have. */
function saysOf(issue: z.core.$ZodIssue): string {
  const shape = issue.code === 'invalid_type' ? SHAPES[issue.expected] : undefined
  return shape !== undefined && issue.message.startsWith('Invalid input') ? shape : issue.message
}

/** Where the value at a path begins; a key's own place where one is named, else that of the nearest that is there. */
function offsetOf(contents: unknown, path: readonly PropertyKey[], key?: string): number {
  let node = contents as Node | null
  let at = node?.range?.[0] ?? 0
  for (const step of path) {
    const pair = pairOf(node, step)
    const next = (pair ? pair.value : itemOf(node, step)) as Node | null | undefined
    at = (pair?.key as Node | undefined)?.range?.[0] ?? next?.range?.[0] ?? at
    if (!next) return at
    node = next
  }
  const own = key === undefined ? undefined : pairOf(node, key)
  return (own?.key as Node | undefined)?.range?.[0] ?? at
}

function pairOf(node: unknown, key: PropertyKey): Pair | undefined {
  if (!isMap(node)) return undefined
  return node.items.find(({ key: own }) => String((own as { value?: unknown })?.value ?? own) === String(key))
}

function itemOf(node: unknown, index: PropertyKey): unknown {
  return (node as { items?: unknown[] } | null)?.items?.[Number(index)]
}

function unknownChecks(document: PolicyDocument, checks: readonly string[]): PropertyKey[][] {
  const places = [
    ...Object.keys(document.checks ?? {}).map(id => ['checks', id]),
    ...(document.groups ?? []).flatMap((group, index) =>
      Object.keys(group.checks ?? {}).map(id => ['groups', index, 'checks', id]),
    ),
  ]
  return places.filter(path => !checks.includes(String(path.at(-1))))
}

function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map(step => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
}

function inOrder(problems: PolicyProblem[]): PolicyProblem[] {
  return problems.sort((a, b) => a.line - b.line).slice(0, MOST_PROBLEMS)
}

/** The library's words without the place and the excerpt that it adds. */
function firstSentence(message: string): string {
  const [first = message] = message.split('\n')
  return `${first.replace(/ at line \d+, column \d+:?$/, '')}.`.replace(/\.\.$/, '.')
}

/** One that was read before it was kept. Checks that are no more since then weigh nothing. */
export function readSavedPolicy(text: string): PolicyDocument {
  return policyDocument.parse(parseDocument(text).toJS({ maxAliasCount: 50 }) ?? {})
}
