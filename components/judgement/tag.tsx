import type { ReactNode } from 'react'
import type { Outcome } from '#lib/scan.ts'
import { OUTCOMES } from './words.ts'

/** An outcome in words, e.g. "2 of 24 fail". */
export function Tag({ outcome, children }: { outcome: Outcome; children?: ReactNode }) {
  const { sign, word, ink, soft } = OUTCOMES[outcome]
  return (
    <span className={`rounded-[5px] px-2 py-0.5 text-[0.75rem] font-medium whitespace-nowrap ${soft} ${ink}`}>
      <span aria-hidden="true">{sign} </span>
      {children ?? word}
    </span>
  )
}
