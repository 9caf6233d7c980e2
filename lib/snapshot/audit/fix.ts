/** Edits that give an audit its teeth: a switch set, `|| true` or `continue-on-error` taken out. Null where a person must look. */
import type { CalledAction, Command } from '../commands.ts'
import { lineAt, lineBreakOf, lineRange } from '../lines.ts'
import type { SourceFile } from '../snapshot.ts'
import { childOf, entryOf, textOf, type YamlMap } from '../yaml.ts'
import type { Audit } from './audits.ts'
import type { ToothFix } from './tool.ts'

export type TextEdit = { start: number; end: number; text: string; indent?: number }

/** All edits that the audit needs to fail the build, in its own file; null where one of them cannot be made. */
export function teethEdits(audit: Audit): TextEdit[] | null {
  const { call, toothless, silenced } = audit
  // What stands in another repository is mended there.
  if (audit.unit.caller && audit.place.file !== audit.unit.file) return null
  const own = toothless ? (toothless.fix ? toothEdit(audit, toothless.fix) : null) : []
  const shell = silenced ? loudEdit(audit.place.file, audit.unit.job?.node ?? null, call, silenced) : []
  return own && shell ? [...own, ...shell] : null
}

function toothEdit({ call, place, unit }: Audit, fix: ToothFix): TextEdit[] | null {
  if (fix.kind === 'word') {
    const isHere = call !== null && 'argv' in call && call.exact && fix.start > 0
    return isHere ? [{ start: fix.start, end: fix.end, text: fix.text }] : null
  }
  const step = call && 'inputs' in call ? call.step.node : call === null ? unit.job?.node : undefined
  return step ? inputEdit(place.file, step, fix.name, fix.value) : null
}

/** Sets an input of the step's `with:`, in the quoting that stands there. */
function inputEdit(file: SourceFile, step: YamlMap, name: string, value: string): TextEdit[] | null {
  const inputs = childOf(step, 'with')
  const given = entryOf(inputs, name)
  if (given) {
    const { value: node } = given
    if (node.kind !== 'scalar' || node.style === 'block') return null
    const quote = node.style === 'quoted' ? (file.text[node.start] ?? '') : ''
    return [{ start: node.start, end: node.end, text: `${quote}${value}${quote}` }]
  }
  const first = inputs?.kind === 'map' ? inputs.entries[0] : undefined
  if (inputs?.kind !== 'map' || !first) return null
  if (inputs.flow) return [{ start: first.keyStart, end: first.keyStart, text: `${name}: ${value}, ` }]
  const { start } = lineRange(file, lineAt(file, first.keyStart))
  const indent = file.text.slice(start, first.keyStart)
  if (indent.trim() !== '') return null
  return [{ start: first.keyStart, end: first.keyStart, text: `${name}: ${value}${lineBreakOf(file.text)}${indent}` }]
}

function loudEdit(
  file: SourceFile,
  job: YamlMap | null,
  call: Command | CalledAction | null,
  silenced: string,
): TextEdit[] | null {
  if (silenced.startsWith('`||')) return call && 'argv' in call ? withoutOr(call) : null
  if (!silenced.includes('continue-on-error')) return null
  const node = silenced.startsWith('the job') ? job : (call?.step?.node ?? null)
  return node ? withoutLine(file, node, 'continue-on-error') : null
}

function withoutOr({ exact, place, words }: Command): TextEdit[] | null {
  if (!exact || words.some(word => word.text.includes('\n'))) return null
  const rest = place.file.text.slice(place.end, lineRange(place.file, lineAt(place.file, place.end)).end)
  const match = /^\s*\|\|\s*(?:true|:|exit 0)(?=\s*(?:['"]\s*)?(?:#.*)?$)/.exec(rest)
  return match ? [{ start: place.end, end: place.end + match[0].length, text: '' }] : null
}

/** Takes out the whole line of a key; one that shares its line with others stays. */
function withoutLine(file: SourceFile, map: YamlMap, key: string): TextEdit[] | null {
  const entry = entryOf(map, key)
  if (!entry || map.flow || textOf(entry.value) === undefined) return null
  const line = lineAt(file, entry.keyStart)
  const { start } = lineRange(file, line)
  if (file.text.slice(start, entry.keyStart).trim() !== '') return null
  const end = file.text.indexOf('\n', entry.value.end)
  return [{ start, end: end === -1 ? file.text.length : end + 1, text: '' }]
}
