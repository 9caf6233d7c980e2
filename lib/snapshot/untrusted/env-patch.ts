/** Puts what outsiders write into the environment of a step, where the shell takes it as a text and not as code. */
import type { Node } from 'web-tree-sitter'
import { lineAt, lineBreakOf, lineRange } from '../lines.ts'
import { parseShell } from '../shell/parser.ts'
import { yamlScript } from '../shell/script.ts'
import { withPlaceholders } from '../shell/words.ts'
import { childOf, entryOf, textOf } from '../yaml.ts'
import type { CodeStep } from './flow.ts'

type Edit = { start: number; end: number; text: string }

/** Null where a person must look: other shells, other languages, places where no variable can stand. */
export function envPatch(one: CodeStep): { safe: boolean; edits: Edit[] } | null {
  const { file, step, code, input, job, tainted } = one
  const shell =
    textOf(childOf(step.node, 'shell')) ??
    textOf(childOf(childOf(childOf(job?.node, 'defaults'), 'run'), 'shell')) ??
    'bash'
  const isWindows = /windows|\$\{\{/i.test(textOf(childOf(job?.node, 'runs-on')) ?? '')
  const script = input === null ? yamlScript(file, code) : undefined
  if (!script || !/^(?:bash|sh)$/.test(shell) || isWindows || step.node.flow) return null
  const names = new Map<string, string>()
  const edits: Edit[] = []
  let safe = true
  const tree = parseShell(withPlaceholders(script.text))
  if (!tree) return null
  for (const { expression, context } of tainted) {
    const [start, end] = [script.at(expression.start), script.at(expression.end)]
    const written = file.text.slice(start ?? 0, end ?? 0)
    const name = names.get(expression.source) ?? freshName(context, one, [...names.values()])
    const quoting = quotingAt(tree.rootNode, expression.start)
    const text = quoting === 'double' ? `\${${name}}` : quoting === 'single' ? `'"\${${name}}"'` : `"\${${name}}"`
    const fits = start !== null && written === script.text.slice(expression.start, expression.end) && quoting !== null
    if (
      !fits ||
      (code.style === 'quoted' && quoting !== 'double') ||
      (code.style === 'plain' && start === code.start)
    ) {
      tree.delete()
      return null
    }
    names.set(expression.source, name)
    if (quoting === 'bare') safe = false
    edits.push({ start, end: end ?? start, text })
  }
  tree.delete()
  const env = envEdit(one, names)
  return env && { safe, edits: [env, ...edits] }
}

function quotingAt(root: Node, offset: number): 'double' | 'single' | 'bare' | null {
  for (let node: Node | null = root.descendantForIndex(offset); node; node = node.parent) {
    if (node.type === 'raw_string') return 'single'
    if (node.type === 'string' || node.type === 'comment') return 'double'
    if (node.type === 'heredoc_body')
      return /^['"\\]/.test(node.parent?.descendantsOfType('heredoc_start')[0]?.text ?? '') ? null : 'double'
    if (/^(?:ansi_c_string|ERROR|arithmetic_expansion)$/.test(node.type)) return null
    if (/^(?:command|variable_assignment|test_command|program)$/.test(node.type)) return 'bare'
  }
  return null
}

/** A name that says what it holds, and that the step does not use yet. */
function freshName(context: string, { step, code }: CodeStep, taken: readonly string[]): string {
  const parts = context
    .replace(/^github\.(?:event\.)?/, '')
    .split('.')
    .filter(part => part !== '*' && part !== 'outputs')
  const plain = parts.slice(-2).join('_').replace(/\W+/g, '_').toUpperCase()
  const env = childOf(step.node, 'env')
  const used = [...taken, ...(env?.kind === 'map' ? env.entries.map(({ key }) => key) : [])]
  const isFree = (name: string) => !used.includes(name) && !new RegExp(`\\b${name}\\b`).test(code.text)
  for (let turn = 1; turn < 20; turn++) {
    const name = turn === 1 ? plain : `${plain}_${turn}`
    if (isFree(name)) return name
  }
  return `${plain}_UNTRUSTED`
}

function envEdit({ file, step }: CodeStep, names: ReadonlyMap<string, string>): Edit | null {
  const lineBreak = lineBreakOf(file.text)
  const lines = [...names].map(([source, name]) => `${name}: \${{ ${source} }}`)
  const env = childOf(step.node, 'env')
  const first = env?.kind === 'map' ? env.entries[0] : undefined
  if (env && (env.kind !== 'map' || env.flow || !first)) return null
  const run = entryOf(step.node, 'run')
  const at = first?.keyStart ?? run?.keyStart
  if (at === undefined) return null
  const indent = ' '.repeat(at - lineRange(file, lineAt(file, at)).start)
  const text = first
    ? lines.map(line => `${line}${lineBreak}${indent}`).join('')
    : `env:${lines.map(line => `${lineBreak}${indent}  ${line}`).join('')}${lineBreak}${indent}`
  return { start: at, end: at, text }
}
