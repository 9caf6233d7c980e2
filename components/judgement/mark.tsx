import type { Outcome } from '#lib/scan.ts'
import { OUTCOMES } from './words.ts'

/** The sign of an outcome in a ring; `label` is what it means here, for those who do not see it. */
export function Mark({ outcome, label }: { outcome: Outcome; label?: string }) {
  const { sign, word, ink } = OUTCOMES[outcome]
  const dashed = outcome === 'unknown' || outcome === 'error' || outcome === 'not-applicable'
  return (
    <span
      title={label ?? word}
      className={`inline-grid size-[1.125rem] shrink-0 place-items-center rounded-full border-[1.5px] border-current bg-page text-[0.6875rem] leading-none font-bold ${ink} ${dashed ? 'border-dashed' : ''}`}
    >
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{label ?? word}</span>
    </span>
  )
}
