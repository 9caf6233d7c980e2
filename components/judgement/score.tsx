import type { ReactNode } from 'react'
import type { Grade } from '#lib/scan.ts'
import { GradeBadge } from './grade.tsx'

/** The number that a page is about. A dash where nothing applied: that is not zero. */
export function BigScore({
  score,
  grade,
  children,
}: {
  score: number | null
  grade: Grade | null
  children?: ReactNode
}) {
  return (
    <div className="flex items-end gap-3.5">
      <span className="text-[3.75rem] leading-[0.86] font-semibold tracking-[-0.045em]">{scoreText(score)}</span>
      <GradeBadge grade={grade} large />
      {children}
    </div>
  )
}

/** Rounded down as scores are, so that the letter beside it always agrees. */
export function scoreText(score: number | null): string {
  return score === null ? '–' : String(Math.floor(score))
}
