import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'

/** The checks that have a result, in the order of the page, under their items and sections; each with its sheet. */
export function grouped<Check extends { id: string }>(results: readonly Check[]) {
  const judged = CHECKS.flatMap(sheet => {
    const check = results.find(({ id }) => id === sheet.id)
    return check ? [{ sheet, check }] : []
  })
  const groups = [
    ...ITEMS.map(item => ({ ...item, minimum: true })),
    ...SECTIONS.map(one => ({ ...one, minimum: false })),
  ]
  return groups.flatMap(({ id, title, minimum }) => {
    const own = judged.filter(({ sheet }) => sheet.item === id)
    return own.length === 0 ? [] : [{ id, title, minimum, own, checks: own.map(({ check }) => check) }]
  })
}

/** Steps with what their checks are called and how they are mended; a check that is no more has no step. */
export function titled<Step extends { id: string }>(steps: readonly Step[]) {
  return steps.flatMap(step => {
    const sheet = CHECKS.find(({ id }) => id === step.id)
    return sheet ? [{ ...step, title: sheet.title, remediation: sheet.remediation }] : []
  })
}

export const TITLES: ReadonlyMap<string, string> = new Map(CHECKS.map(check => [check.id, check.title]))
