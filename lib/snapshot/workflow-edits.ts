/** Edits of workflows: steps put before or behind others, permissions and inputs added, lines taken out. */
import { type Call, fileOfStep, type Unit } from './commands.ts'
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { SourceFile } from './snapshot.ts'
import { linesInto } from './update-edits.ts'
import type { Step } from './workflow.ts'
import { childOf, endOf, entryOf, type YamlMap } from './yaml.ts'

type Insertion = { kind: 'replace'; path: string; start: number; end: number; text: string; anyOrder?: true }

/** The column of a step's keys and of its dash; null for a step on one line with others, or in braces. */
function columnsOf(file: SourceFile, { node }: Step): { keys: number; dash: number } | null {
  const { start } = lineRange(file, lineAt(file, node.start))
  const lead = /^( *)- +$/.exec(file.text.slice(start, node.start))
  return node.flow || !lead ? null : { keys: node.start - start, dash: (lead[1] ?? '').length }
}

/** A step of the job put before or behind another; `lines` are its own, the first behind the dash. */
export function stepBeside(
  file: SourceFile,
  step: Step,
  side: 'before' | 'behind',
  lines: readonly string[],
): Insertion[] | null {
  const columns = columnsOf(file, step)
  if (!columns) return null
  const lineBreak = lineBreakOf(file.text)
  const gap = ' '.repeat(columns.keys - columns.dash - 1)
  const text = lines.map((line, index) => ' '.repeat(columns.dash) + (index === 0 ? `-${gap}` : ` ${gap}`) + line)
  if (side === 'behind') {
    const said = file.text.slice(0, endOf(step.node)).trimEnd().length
    const last = lineAt(file, said - 1)
    const next = lineRange(file, last + 1).start
    // At the start of the next line, so that what is added to the end of this step stays in it.
    if (next > said)
      return [
        { kind: 'replace', path: file.path, start: next, end: next, text: text.map(one => one + lineBreak).join('') },
      ]
    const { end } = lineRange(file, last)
    return [{ kind: 'replace', path: file.path, start: end, end, text: text.map(one => lineBreak + one).join('') }]
  }
  let line = lineAt(file, step.node.start)
  // A comment above the step is about it.
  while (line > 1 && /^\s*#/.test(file.text.slice(lineRange(file, line - 1).start, lineRange(file, line - 1).end)))
    line--
  const { start } = lineRange(file, line)
  return [{ kind: 'replace', path: file.path, start, end: start, text: text.map(one => one + lineBreak).join('') }]
}

/**
 * What lets the job's token write the scopes too. Null where the permissions are not written in a form that can be
 * added to, or nothing says what the job has now: whoever names one permission takes away all others.
 */
export function permissionEdits({ job, workflow, file }: Unit, scopes: readonly string[]): Insertion[] | null {
  const own = childOf(job?.node, 'permissions')
  const inherited = childOf(workflow?.root, 'permissions')
  if (!job || (own === undefined && inherited?.kind !== 'map')) return null
  const held = own ?? inherited
  if (held?.kind === 'scalar') return held.text === 'write-all' ? [] : null
  const missing = scopes.filter(scope => {
    const entry = entryOf(held, scope)
    return entry?.value.kind !== 'scalar' || entry.value.text !== 'write'
  })
  if (missing.length === 0) return []
  if (held?.kind !== 'map' || missing.some(scope => entryOf(held, scope))) return null
  return own?.kind === 'map' ? added(file, own, missing) : copied({ job, file }, held, missing)
}

function added(file: SourceFile, map: YamlMap, scopes: readonly string[]): Insertion[] | null {
  const last = map.entries.at(-1)
  if (map.flow && last) {
    const at = last.value.end
    return scopes.map(scope => ({
      kind: 'replace',
      path: file.path,
      start: at,
      end: at,
      text: `, ${scope}: write`,
      anyOrder: true,
    }))
  }
  const edits = scopes.flatMap(scope => linesInto(file, map, [`${scope}: write`]) ?? [])
  return edits.length === scopes.length ? edits.map(edit => ({ ...edit, anyOrder: true as const })) : null
}

/** The job's own permissions: those of the workflow and the missing ones, before its steps. */
function copied(
  { job, file }: { job: NonNullable<Unit['job']>; file: SourceFile },
  held: YamlMap,
  scopes: readonly string[],
) {
  const steps = entryOf(job.node, 'steps')
  if (!steps || job.node.flow) return null
  const { start } = lineRange(file, lineAt(file, steps.keyStart))
  const indent = ' '.repeat(steps.keyStart - start)
  const levels = held.entries.map(({ key, value }) => `${key}: ${value.kind === 'scalar' ? value.text : 'read'}`)
  const lines = ['permissions:', ...[...levels, ...scopes.map(scope => `${scope}: write`)].map(line => `  ${line}`)]
  const text = lines.map(line => indent + line + lineBreakOf(file.text)).join('')
  return [{ kind: 'replace' as const, path: file.path, start, end: start, text }]
}

/** An input added to the action of a call; null where it has none in a form that can be added to. */
export function inputEdit(call: Call, name: string, value: string): Insertion[] | null {
  const file = fileOfStep(call)
  const inputs = childOf(call.step?.node, 'with')
  if (!file || inputs?.kind !== 'map' || entryOf(inputs, name)) return null
  const last = inputs.entries.at(-1)
  if (inputs.flow && last)
    return [
      { kind: 'replace', path: file.path, start: last.value.end, end: last.value.end, text: `, ${name}: ${value}` },
    ]
  const edit = linesInto(file, inputs, [`${name}: ${value}`])
  return edit ? [{ ...edit, anyOrder: true }] : null
}

/** Takes keys out of a mapping of the step (`env`, `with`), and the mapping with its last one. */
export function withoutKeys(call: Call, mapping: 'env' | 'with', names: readonly string[]): Insertion[] | null {
  const file = fileOfStep(call)
  const outer = entryOf(call.step?.node, mapping)
  const map = outer?.value
  if (!file || !outer || map?.kind !== 'map' || map.flow || map.start < outer.keyEnd) return null
  const gone = map.entries.filter(({ key }) => names.includes(key))
  const isAll = gone.length === map.entries.length
  const places = isAll
    ? [{ start: outer.keyStart, end: endOf(map) }]
    : gone.map(({ keyStart, keyEnd, value }) => ({ start: keyStart, end: Math.max(keyEnd, endOf(value)) }))
  const edits = places.map(({ start, end }) => {
    const from = lineRange(file, lineAt(file, start)).start
    const last = lineAt(file, file.text.slice(0, end).trimEnd().length - 1)
    const next = lineRange(file, last + 1).start
    const isWhole = /^ *$/.test(file.text.slice(from, start))
    return isWhole
      ? { kind: 'replace' as const, path: file.path, start: from, end: Math.max(next, from), text: '' }
      : null
  })
  return edits.some(edit => edit === null) || gone.length === 0 ? null : edits.flatMap(edit => edit ?? [])
}
