import type { JudgedCheck } from '#lib/api/scorecard.ts'

/** A check's outcome in a few words, with its numbers. */
export function verdictOf({
  outcome,
  examined,
  failing,
}: Pick<JudgedCheck, 'outcome' | 'examined' | 'failing'>): string {
  if (outcome === 'fail')
    return `${failing.toLocaleString('en')} of ${examined.toLocaleString('en')} ${failing === 1 ? 'fails' : 'fail'}`
  if (outcome === 'pass')
    return examined === 1 ? 'the one place is right' : `all ${examined.toLocaleString('en')} are right`
  if (outcome === 'not-applicable') return 'nothing to examine'
  if (outcome === 'unknown') return 'could not look'
  return 'the check broke'
}
