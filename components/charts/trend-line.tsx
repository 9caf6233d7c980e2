import { LinePlane } from './line-plane.tsx'
import { acrossOf, datesBelow, linesOf, type Marker } from './plane.ts'

type Point = { at: Date; value: number | null }

const STEP = 20

/**
 * A line over time, drawn on the server. The scale is cut to the steps of 20 that the values span (`whole`: it is all of 0
 * to 100, so that lines below one another can be compared) and is written beside the line. `label` says in words what it
 * shows: the numbers stand in a table, so the drawing is one image to a reader.
 */
export function TrendLine({
  points,
  markers,
  label,
  whole = false,
}: {
  points: readonly Point[]
  markers: readonly Marker[]
  label: string
  whole?: boolean
}) {
  const lines = linesOf(points)
  const values = lines.flat().map(({ value }) => value)
  if (values.length < 2) return null
  const low = whole ? 0 : Math.max(0, Math.floor((Math.min(...values) - 4) / STEP) * STEP)
  const high = whole ? 100 : Math.min(100, Math.ceil((Math.max(...values) + 4) / STEP) * STEP)
  const ticks = whole ? [0, 50, 100] : Array.from({ length: (high - low) / STEP + 1 }, (_, index) => low + index * STEP)
  const x = acrossOf(points)
  const y = (value: number) => 100 - ((value - low) / (high - low)) * 100
  const end = lines.at(-1)?.at(-1)
  return (
    <div role="img" aria-label={label} className={whole ? 'py-1.5 pr-7' : 'pt-2 pr-7 pb-5'}>
      <LinePlane
        lines={lines}
        markers={markers}
        ticks={ticks}
        x={x}
        y={y}
        size="small"
        className={whole ? 'h-11' : 'h-24'}
      >
        {end && (
          <circle
            cx={`${x(end.at)}%`}
            cy={`${y(end.value)}%`}
            r="3.4"
            className="fill-brand stroke-panel"
            strokeWidth="1.5"
          />
        )}
        {!whole &&
          datesBelow(points)
            .filter(({ share }) => share === 0 || share === 100)
            .map(({ share, text, anchor }) => (
              <text
                key={share}
                x={`${share}%`}
                y="100%"
                dy="15"
                textAnchor={anchor}
                className="fill-ink-3 text-[0.6875rem]"
              >
                {text}
              </text>
            ))}
      </LinePlane>
    </div>
  )
}
