import type { Grade } from '#lib/scan.ts'

const INK: Record<Grade, string> = {
  A: 'text-grade-a',
  B: 'text-grade-b',
  C: 'text-grade-c',
  D: 'text-grade-d',
  F: 'text-grade-f',
}

/** The letter in its frame; a dash where nothing applied. */
export function GradeBadge({ grade, large = false }: { grade: Grade | null; large?: boolean }) {
  const size = large ? 'px-2.5 py-0.5 text-[0.9375rem]' : 'px-1.5 text-[0.75rem]'
  return (
    <span
      className={`inline-block rounded-md border-[1.5px] border-current font-semibold ${size} ${grade ? INK[grade] : 'text-ink-3'}`}
    >
      <span className="sr-only">Grade </span>
      {grade ?? '–'}
    </span>
  )
}
