type Point = { at: Date; value: number | null; of: number }
type Marker = { at: Date; label: string }

const WIDTH = 760
const HEIGHT = 200
const TOP = 14
const BARS = 34
const GAP = 10
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
  const first = points[0]?.at.getTime() ?? 0
  const span = Math.max(1, (points.at(-1)?.at.getTime() ?? 1) - first)
  const most = Math.max(1, ...points.map(point => point.of))
  const x = (at: Date) => ((at.getTime() - first) / span) * WIDTH
  const y = (value: number) => TOP + (1 - value / 100) * (HEIGHT - TOP)
  const bottom = HEIGHT + GAP + BARS
  const width = Math.max(1.5, WIDTH / Math.max(1, points.length) - 2)
  return (
    <svg viewBox={`-2 0 ${WIDTH + 34} ${bottom + 4}`} className="w-full" role="img" aria-label={label}>
      {TICKS.map(tick => (
        <g key={tick}>
          <path d={`M0 ${y(tick)}H${WIDTH}`} className="stroke-hair" />
          <text x={WIDTH + 8} y={y(tick) + 4} fontSize="11" className="fill-ink-3">
            {tick}
          </text>
        </g>
      ))}
      {markers.map(marker => (
        <Mark key={`${marker.at.getTime()} ${marker.label}`} x={x(marker.at)} label={marker.label} />
      ))}
      {linesOf(points).map(line => (
        <path
          key={line[0]?.at.getTime()}
          d={line
            .map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
            .join('')}
          fill="none"
          className="stroke-brand"
          strokeWidth="2.2"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      ))}
      {points.map(({ at, of }) => {
        const height = (of / most) * BARS
        return (
          <rect
            key={at.getTime()}
            x={Math.max(0, x(at) - width)}
            y={bottom - height}
            width={width}
            height={height}
            className="fill-line"
          />
        )
      })}
      <text x={WIDTH + 8} y={bottom - BARS + 9} fontSize="11" className="fill-ink-3">
        {most}
      </text>
    </svg>
  )
}

/** The stretches without a gap. */
function linesOf(points: readonly Point[]): { at: Date; value: number }[][] {
  const lines: { at: Date; value: number }[][] = [[]]
  for (const { at, value } of points) {
    if (value === null) lines.push([])
    else lines.at(-1)?.push({ at, value })
  }
  return lines.filter(line => line.length > 0)
}

function Mark({ x, label }: { x: number; label: string }) {
  const late = x > WIDTH / 2
  return (
    <g>
      <path d={`M${x.toFixed(1)} 2V${HEIGHT}`} className="stroke-ink-3" strokeDasharray="3 3" />
      <text x={late ? x - 5 : x + 5} y="10" fontSize="11" textAnchor={late ? 'end' : 'start'} className="fill-ink-2">
        {label}
      </text>
    </g>
  )
}
