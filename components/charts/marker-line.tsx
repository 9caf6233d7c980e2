import { isLate, type Marker } from './plane.ts'

/**
 * A date on which something changed that moves figures by itself. `x` in percent; the words keep within the drawing, and are
 * left out where another's stand.
 */
export function MarkerLine({ x, label }: { x: number; label: Marker['label'] | null }) {
  const late = isLate(x)
  return (
    <g>
      <line x1={`${x}%`} x2={`${x}%`} y1="0" y2="100%" className="stroke-ink-3" strokeDasharray="3 3" />
      {label !== null && (
        <text
          x={`${x}%`}
          dx={late ? -5 : 5}
          y="0.75em"
          textAnchor={late ? 'end' : 'start'}
          className="fill-ink-2 text-[0.6875rem]"
        >
          {label}
        </text>
      )}
    </g>
  )
}
