/** Adds a trigger to a workflow, in the form that its `on:` has. */
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { Workflow } from './workflow.ts'
import { endOf, entryOf } from './yaml.ts'

/** `body`: the lines under the trigger, indented from it; none for a trigger that only has its name. */
export type NewTrigger = { name: string; body: readonly string[]; flow: string }

/** Null where `on:` is not written in a form that can be added to. */
export function triggerEdit(
  { file, root, triggers }: Workflow,
  added: NewTrigger,
): { start: number; end: number; text: string; indent?: number } | null {
  const on = entryOf(root, 'on')
  if (!on || root.flow) return null
  const lineBreak = lineBreakOf(file.text)
  const { value } = on
  if (value.kind === 'map') {
    const [first] = value.entries
    const last = value.entries.at(-1)
    if (!first || !last || last.keyStart < value.start) return null
    if (value.flow) return { start: first.keyStart, end: first.keyStart, text: `${added.name}: ${added.flow}, ` }
    const column = file.text.slice(lineRange(file, lineAt(file, first.keyStart)).start, first.keyStart)
    if (column.trim() !== '') return null
    const { end } = lineRange(file, lineAt(file, Math.max(last.keyEnd, endOf(last.value)) - 1))
    return {
      start: end,
      end,
      text: linesOf(added, column)
        .map(line => `${lineBreak}${line}`)
        .join(''),
      indent: column.length,
    }
  }
  if (triggers.length === 0 || value.start < on.keyEnd) return null
  const names = triggers.map(({ name }) => `  ${name}:`)
  const colon = file.text.indexOf(':', on.keyEnd) + 1
  const end = endOf(value)
  // A comment between the names would be lost.
  if (file.text.slice(colon, end).includes('#')) return null
  return { start: colon, end, text: [...names, ...linesOf(added, '  ')].map(line => `${lineBreak}${line}`).join('') }
}

function linesOf({ name, body }: NewTrigger, indent: string): string[] {
  return [`${indent}${name}:`, ...body.map(line => `${indent}  ${line}`)]
}
