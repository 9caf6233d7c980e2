import type { Counts, Shown } from '#lib/api/overview.ts'
import { SHOWN } from '#lib/api/overview.ts'
import { OUTCOMES } from './words.ts'

const DRAWN = SHOWN.filter(state => state !== 'not-applicable')

/**
 * Shares of those to which the thing applies. Decoration: the numbers beside it say the same. Widths are attributes of
 * SVG, since the pages' policy lets no style attribute count.
 */
export function CountsBar({ counts }: { counts: Counts }) {
  const total = DRAWN.reduce((sum, state) => sum + counts[state], 0)
  if (total === 0)
    return <span aria-hidden="true" className="block h-2.5 rounded-[3px] border border-dashed border-line" />
  const shares = DRAWN.map(state => (counts[state] / total) * 100)
  const startOf = (index: number) => shares.slice(0, index).reduce((sum, share) => sum + share, 0)
  return (
    <svg aria-hidden="true" className="block h-2.5 w-full overflow-hidden rounded-[3px]">
      {DRAWN.map((state, index) =>
        counts[state] === 0 ? null : (
          <foreignObject
            key={state}
            x={`${startOf(index)}%`}
            width={`${shares[index]}%`}
            height="100%"
            overflow="visible"
          >
            <span className={`mr-[1.5px] block h-2.5 min-w-[3px] ${OUTCOMES[state].fill}`} />
          </foreignObject>
        ),
      )}
    </svg>
  )
}

export function CountsLegend() {
  const words: [Shown, string][] = [
    ['pass', 'pass'],
    ['waived', 'waived'],
    ['fail', 'fail'],
    ['unknown', 'could not look'],
  ]
  return (
    <span className="flex flex-wrap gap-x-4 text-[0.75rem] text-ink-2">
      {words.map(([state, word]) => (
        <span key={state} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2.5 rounded-[2px] ${OUTCOMES[state].fill}`} />
          {word}
        </span>
      ))}
    </span>
  )
}
