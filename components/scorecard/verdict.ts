import type { JudgedCheck } from '#lib/api/scorecard.ts'

/** A check's outcome in a few words, with its numbers. */
export function verdictOf({
  outcome,
  examined,
  failing,
  waived,
}: Pick<JudgedCheck, 'outcome' | 'examined' | 'failing' | 'waived'>): string {
  const beside = waived > 0 ? `, ${waived.toLocaleString('en')} waived` : ''
  if (outcome === 'fail')
    return `${failing.toLocaleString('en')} of ${examined.toLocaleString('en')} ${failing === 1 ? 'fails' : 'fail'}${beside}`
  if (outcome === 'waived') return `${waived.toLocaleString('en')} of ${examined.toLocaleString('en')} waived`
  if (outcome === 'pass')
    return examined === 1 ? 'the one place is right' : `all ${examined.toLocaleString('en')} are right`
  if (outcome === 'not-applicable') return 'nothing to examine'
  if (outcome === 'unknown') return 'could not look'
  return 'the check broke'
}
