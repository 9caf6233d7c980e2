/** Several fixes of one repository as one: what they have in common is done once, and what contradicts is left out. */
import { beginsLine } from './apply.ts'
import type { Edit } from './patch.ts'

/** `edits` can be applied together; `leftOut` counts the fixes that touch what an earlier one changes otherwise. */
export type Combined = { edits: Edit[]; applied: number; leftOut: number }

/** Takes the fixes in their order: the first that touches a place has it. A fix is taken whole or not at all. */
export function combine(fixes: readonly (readonly Edit[])[]): Combined {
  const taken = new Map<string, Edit[]>()
  let applied = 0
  let leftOut = 0
  for (const fix of fixes) {
    const fresh = fix.filter(edit => !(taken.get(edit.path) ?? []).some(other => same(edit, other)))
    if (fresh.some(edit => (taken.get(edit.path) ?? []).some(other => contradicts(edit, other)))) {
      leftOut++
      continue
    }
    for (const edit of fresh) taken.set(edit.path, withEdit(taken.get(edit.path) ?? [], edit))
    applied++
  }
  return { edits: [...taken.values()].flat(), applied, leftOut }
}

function same(a: Edit, b: Edit): boolean {
  if (a.kind === 'create' || b.kind === 'create') return a.kind === b.kind && a.text === b.text
  return a.start === b.start && a.end === b.end && a.text === b.text
}

function withEdit(taken: readonly Edit[], edit: Edit): Edit[] {
  const [made] = taken
  if (made?.kind !== 'create' || edit.kind !== 'create') return [...taken, edit]
  return [{ ...made, text: made.text + edit.text.slice(sharedLines(made.text, edit.text)) }]
}

/** How much of both texts are the same lines from the start. */
function sharedLines(a: string, b: string): number {
  let at = 0
  for (let end = a.indexOf('\n') + 1; end > at && a.slice(at, end) === b.slice(at, end); end = a.indexOf('\n', at) + 1)
    at = end
  return at
}

/** Two insertions at one place contradict as well, where it matters which of them comes first. */
function contradicts(a: Edit, b: Edit): boolean {
  if (a.kind === 'create' && b.kind === 'create') return !(a.anyOrder && b.anyOrder && sharedLines(a.text, b.text) > 0)
  if (a.kind === 'create' || b.kind === 'create') return true
  if (a.start === b.start) return !(a.anyOrder && b.anyOrder) && !differInDepth(a, b)
  return a.start < b.end && b.start < a.end
}

/**
 * What is put in at one place has an order by itself: the rest of a line before lines that follow it, and of lines those
 * that are deeper.
 */
function differInDepth(a: Extract<Edit, { kind: 'replace' }>, b: Extract<Edit, { kind: 'replace' }>): boolean {
  const inserted = a.start === a.end && b.start === b.end
  if (inserted && beginsLine(a) !== beginsLine(b)) return !(beginsLine(a) ? b : a).text.includes('\n')
  return inserted && a.indent !== undefined && b.indent !== undefined && a.indent !== b.indent
}
