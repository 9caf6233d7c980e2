/** Words of a command as the shell would hand them over, as far as that can be told without running anything. */
import type { Node } from 'web-tree-sitter'

/** `dynamic`: a part is known only when it runs; that part stands in `text` as it is written. Offsets are of the script. */
export type Word = { text: string; dynamic: boolean; start: number; end: number }

/** Stands for each character of a `${{ }}`, so that every offset stays true and no shell syntax is seen inside. */
export const PLACEHOLDER = '\uE000'

export function withPlaceholders(text: string): string {
  return text.replace(/\$\{\{[\s\S]*?\}\}/g, expression => PLACEHOLDER.repeat(expression.length))
}

const EXPANDS = new Set([
  'simple_expansion',
  'expansion',
  'command_substitution',
  'process_substitution',
  'arithmetic_expansion',
])

/** `source` is the script as written: where the tree has placeholders, it has the expressions. */
export function wordOf(node: Node, source: string): Word {
  const { startIndex: start, endIndex: end } = node
  const dynamic = source.slice(start, end).includes('${{') || expands(node, 0)
  return { text: shellValue(node, source, 0), dynamic, start, end }
}

function expands(node: Node, depth: number): boolean {
  if (EXPANDS.has(node.type)) return true
  return depth < 8 && node.namedChildren.some(child => expands(child, depth + 1))
}

function shellValue(node: Node, source: string, depth: number): string {
  const raw = source.slice(node.startIndex, node.endIndex)
  if (node.type === 'raw_string') return raw.slice(1, -1)
  if (node.type === 'string')
    return raw
      .replace(/^\$?"|"$/g, '')
      .replace(/\\\r?\n/g, '')
      .replace(/\\(["\\$`])/g, '$1')
  if (node.type === 'ansi_c_string') return raw.slice(2, -1)
  if (node.type === 'concatenation' && depth < 8)
    return node.namedChildren.map(child => shellValue(child, source, depth + 1)).join('')
  if (node.type === 'word') return raw.replace(/\\\r?\n/g, '').replace(/\\(.)/g, '$1')
  return raw
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s
/** Programs that run the rest of their line, with their options that take a value. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^(?:-[ugpChrt]|--(?:user|group|prompt|chdir|host|role|type))$/,
  env: /^(?:-[uCS]|--(?:unset|chdir))$/,
  doas: /^-[uC]$/,
  time: /^-[fo]$/,
  nice: /^-n$/,
  ionice: /^-[cn]$/,
  nohup: /^$/,
  exec: /^-a$/,
  command: /^$/,
  builtin: /^$/,
  timeout: /^(?:-[ks]|--(?:kill-after|signal))$/,
  stdbuf: /^-[ioe]$/,
  corepack: /^$/,
  'xvfb-run': /^-[enfpsw]$/,
  dotenvx: /^-f$/,
}
const COREPACK_OWN = /^(?:enable|disable|prepare|use|install|up|pack|hydrate|cache|--\w+)$/

/** Takes `sudo`, `env X=y` and the like off the front, and folders off the program's name. */
export function unwrapped(words: readonly Word[]): { words: Word[]; env: [string, string][] } {
  const env: [string, string][] = []
  let rest = [...words]
  for (let turns = 0; turns < 6; turns++) {
    const name = rest[0]?.text ?? ''
    const takesValue = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined
    if (!takesValue || (name === 'corepack' && COREPACK_OWN.test(rest[1]?.text ?? ''))) break
    let at = 1
    while (rest[at]?.text.startsWith('-')) at += takesValue.test(rest[at]?.text ?? '') ? 2 : 1
    if (name === 'timeout') at++
    for (
      let found = ASSIGNMENT.exec(rest[at]?.text ?? '');
      found && name !== 'exec';
      found = ASSIGNMENT.exec(rest[at]?.text ?? '')
    ) {
      env.push([found[1] ?? '', found[2] ?? ''])
      at++
    }
    if (at >= rest.length) break
    rest = rest.slice(at)
  }
  const [program, ...others] = rest
  if (!program) return { words: rest, env }
  const base = /(?:^|[/\\])(?:bin|Scripts|sbin|shims)[/\\]([\w.-]+?)(?:\.exe)?$/i.exec(program.text)?.[1]
  return { words: base ? [{ ...program, text: base, dynamic: false }, ...others] : rest, env }
}

/** The words of a command, without its redirections and the assignments in front. */
export function wordsOf(node: Node, source: string): Word[] {
  const parts = node.namedChildren.filter(
    (child, index) => child.type === 'command_name' || node.fieldNameForNamedChild(index) === 'argument',
  )
  return parts.map(part => wordOf(part.type === 'command_name' ? (part.namedChildren[0] ?? part) : part, source))
}

/** The words of a command, or of the first command in a redirected or compound one; empty where there is none. */
export function argvOf(node: Node, source: string): string[] {
  const command = node.type === 'command' ? node : node.namedChildren.find(child => child.type === 'command')
  return command ? unwrapped(wordsOf(command, source)).words.map(({ text }) => text) : []
}
