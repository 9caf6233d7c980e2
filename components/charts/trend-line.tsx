type Point = { at: Date; value: number | null }
type Marker = { at: Date; label: string }

const WIDTH = 236
const HEIGHT = 84
const TOP = 12
const STEP = 20

/**
 * A line over time, drawn on the server. The scale is cut to the steps of 20 that the values span and is written beside
 * the line. `label` says in words what it shows: the numbers stand in a table, so the drawing is one image to a reader.
 */
export function TrendLine({
  points,
  markers,
  label,
}: {
  points: readonly Point[]
  markers: readonly Marker[]
  label: string
}) {
  const known = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
  if (known.length < 2) return null
  const values = known.map(point => point.value)
  const low = Math.max(0, Math.floor((Math.min(...values) - 4) / STEP) * STEP)
  const high = Math.min(100, Math.ceil((Math.max(...values) + 4) / STEP) * STEP)
  const first = points[0]?.at.getTime() ?? 0
  const span = Math.max(1, (points.at(-1)?.at.getTime() ?? 1) - first)
  const x = (at: Date) => ((at.getTime() - first) / span) * WIDTH
  const y = (value: number) => HEIGHT - ((value - low) / (high - low)) * (HEIGHT - TOP)
  const drawn = known.map(point => ({ x: x(point.at), y: y(point.value) }))
  const line = drawn
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
    .join('')
  const ticks = Array.from({ length: (high - low) / STEP + 1 }, (_, index) => low + index * STEP)
  const end = drawn.at(-1) ?? { x: 0, y: 0 }
  return (
    <svg viewBox={`0 -2 ${WIDTH + 26} ${HEIGHT + 8}`} className="w-full" role="img" aria-label={label}>
      {ticks.map(tick => (
        <g key={tick}>
          <path d={`M0 ${y(tick)}H${WIDTH}`} className="stroke-hair" />
          <text x={WIDTH + 8} y={y(tick) + 3.5} fontSize="10" className="fill-ink-3">
            {tick}
          </text>
        </g>
      ))}
      <path d={`${line}V${HEIGHT}H${(drawn[0]?.x ?? 0).toFixed(1)}Z`} className="fill-brand-soft" opacity="0.65" />
      {markers.map(marker => (
        <MarkerLine key={marker.at.getTime()} x={x(marker.at)} label={marker.label} />
      ))}
      <path
        d={line}
        fill="none"
        className="stroke-brand"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={end.x} cy={end.y} r="3.4" className="fill-brand stroke-panel" strokeWidth="1.5" />
    </svg>
  )
}

function MarkerLine({ x, label }: { x: number; label: string }) {
  const late = x > WIDTH / 2
  return (
    <g>
      <path d={`M${x.toFixed(1)} 2V${HEIGHT}`} className="stroke-ink-3" strokeDasharray="2 3" />
      <text x={late ? x - 4 : x + 4} y="7" fontSize="10" textAnchor={late ? 'end' : 'start'} className="fill-ink-3">
        {label}
      </text>
    </g>
  )
}
