import { LinePlane } from './line-plane.tsx'
import { acrossOf, datesBelow, linesOf, type Marker } from './plane.ts'

type Point = { at: Date; value: number | null; of: number }

const TICKS = [0, 25, 50, 75, 100]

/**
 * A share or score over time on the whole scale of 0 to 100, with bars below for how many it is of: a figure that rises
 * because there are fewer says so. Drawn on the server as one image; the numbers stand in a table beside it.
 */
export function TimeChart({
  points,
  markers,
  label,
}: {
  points: readonly Point[]
  markers: readonly Marker[]
  label: string
}) {
  const x = acrossOf(points)
  const most = Math.max(1, ...points.map(point => point.of))
  const width = Math.max(0.2, 80 / Math.max(1, points.length))
  return (
    <div role="img" aria-label={label} className="grid gap-y-2 pr-9 pb-6">
      <LinePlane
        lines={linesOf(points)}
        markers={markers}
        ticks={TICKS}
        x={x}
        y={value => 100 - value}
        size="large"
        className="mt-1 h-60"
      />
      <svg className="h-10 w-full overflow-visible" aria-hidden="true">
        {points.map(({ at, of }) => {
          const height = (of / most) * 100
          const left = Math.max(0, Math.min(100 - width, x(at) - width / 2))
          return (
            <rect
              key={at.getTime()}
              x={`${left}%`}
              y={`${100 - height}%`}
              width={`${width}%`}
              height={`${height}%`}
              className="fill-line"
            />
          )
        })}
        <text x="100%" dx="8" y="0.75em" className="fill-ink-3 text-[0.75rem]">
          {most}
        </text>
        {datesBelow(points).map(({ share, text, anchor }) => (
          <text
            key={share}
            x={`${share}%`}
            y="100%"
            dy="18"
            textAnchor={anchor}
            className={`fill-ink-3 text-[0.75rem] ${share % 50 === 0 ? '' : 'max-sm:hidden'}`}
          >
            {text}
          </text>
        ))}
      </svg>
    </div>
  )
}
