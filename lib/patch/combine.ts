/** Several fixes of one repository as one: what they have in common is done once, and what contradicts is left out. */
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
    for (const edit of fresh) taken.set(edit.path, [...(taken.get(edit.path) ?? []), edit])
    applied++
  }
  return { edits: [...taken.values()].flat(), applied, leftOut }
}

function same(a: Edit, b: Edit): boolean {
  if (a.kind === 'create' || b.kind === 'create') return a.kind === b.kind && a.text === b.text
  return a.start === b.start && a.end === b.end && a.text === b.text
}

/** Two insertions at one place contradict as well, where it matters which of them comes first. */
function contradicts(a: Edit, b: Edit): boolean {
  if (a.kind === 'create' || b.kind === 'create') return true
  if (a.start === b.start) return !(a.anyOrder && b.anyOrder) && !differInDepth(a, b)
  return a.start < b.end && b.start < a.end
}

/** Lines put in at one place have an order by themselves where one of them is deeper. */
function differInDepth(a: Extract<Edit, { kind: 'replace' }>, b: Extract<Edit, { kind: 'replace' }>): boolean {
  const inserted = a.start === a.end && b.start === b.end
  return inserted && a.indent !== undefined && b.indent !== undefined && a.indent !== b.indent
}
