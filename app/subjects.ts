import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'

/** Everything that a repository can pass or fail: items and sections that have a check, then the checks. */
export const SUBJECTS = [...ITEMS, ...SECTIONS].flatMap(({ id, title }) => {
  const checks = CHECKS.filter(check => check.item === id)
  if (checks.length === 0) return []
  const whole = { value: `item:${id}`, label: title, group: 'Items' }
  return [whole, ...checks.map(check => ({ value: `check:${check.id}`, label: check.title, group: 'Checks' }))]
})

/** The checks alone, under their items and sections. */
export const CHECK_OPTIONS = [...ITEMS, ...SECTIONS].flatMap(({ id, title: group }) =>
  CHECKS.filter(check => check.item === id).map(check => ({ value: check.id, label: check.title, group })),
)
