import Link from 'next/link'
import type { Counts, Shown } from '#lib/api/overview.ts'
import { SHOWN } from '#lib/api/overview.ts'

const WORDS: Record<Shown, string> = {
  pass: 'pass',
  waived: 'waived',
  fail: 'fail',
  unknown: '?',
  'not-applicable': 'n/a',
}
const SPOKEN: Record<Shown, string> = {
  pass: 'pass',
  waived: 'are waived',
  fail: 'fail',
  unknown: 'could not be looked at',
  'not-applicable': 'are not concerned',
}
const INK: Record<Shown, string> = {
  pass: 'text-pass',
  waived: 'text-waived',
  fail: 'text-fail',
  unknown: 'text-ink-2',
  'not-applicable': 'text-ink-3',
}

/** Every number leads to what it counts. `subject` names the thing for those who hear the link alone. */
export function CountsLinks({
  counts,
  subject,
  href,
}: {
  counts: Counts
  subject: string
  href(state: Shown): string
}) {
  return (
    <span className="flex flex-wrap gap-x-2 text-[0.8125rem] sm:grid sm:grid-cols-[1fr_1.25fr_1fr_0.6fr_1fr] sm:gap-x-1">
      {SHOWN.map(state =>
        counts[state] === 0 ? (
          <span key={state} className="px-1 text-right whitespace-nowrap text-ink-3" aria-hidden="true">
            {state === 'pass' || state === 'fail' ? `0 ${WORDS[state]}` : ''}
          </span>
        ) : (
          <Link
            key={state}
            href={href(state)}
            className={`rounded px-1 text-right whitespace-nowrap underline-offset-3 hover:underline ${INK[state]}`}
            aria-label={`${counts[state].toLocaleString('en')} repositories ${SPOKEN[state]}: ${subject}`}
          >
            {counts[state].toLocaleString('en')} {WORDS[state]}
          </Link>
        ),
      )}
    </span>
  )
}
