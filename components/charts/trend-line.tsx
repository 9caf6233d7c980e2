type Point = { at: Date; value: number | null }
type Marker = { at: Date; label: string }

const WIDTH = 320
const HEIGHT = 92
const TOP = 10

/**
 * A line over time on a fixed scale, drawn on the server. `label` says in words what it shows; the numbers stand in a
 * table beside it, so the drawing itself is one image to a screen reader.
 */
export function TrendLine({
  points,
  markers,
  scale,
  label,
}: {
  points: readonly Point[]
  markers: readonly Marker[]
  scale: readonly [number, number]
  label: string
}) {
  const first = points[0]?.at.getTime() ?? 0
  const span = Math.max(1, (points.at(-1)?.at.getTime() ?? 1) - first)
  const x = (at: Date) => ((at.getTime() - first) / span) * WIDTH
  const y = (value: number) => HEIGHT - ((value - scale[0]) / (scale[1] - scale[0])) * (HEIGHT - TOP)
  const drawn = points.flatMap(({ at, value }) => (value === null ? [] : [{ x: x(at), y: y(value) }]))
  const [start] = drawn
  const end = drawn.at(-1)
  if (start === undefined || end === undefined) return null
  const line = drawn
    .map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
    .join('')
  return (
    <svg viewBox={`0 -4 ${WIDTH + 6} ${HEIGHT + 6}`} className="w-full" role="img" aria-label={label}>
      <path d={`M0 ${HEIGHT}H${WIDTH}`} className="stroke-line" strokeWidth="1" />
      <path d={`${line}V${HEIGHT}H${start.x.toFixed(1)}Z`} className="fill-brand-soft" opacity="0.65" />
      {markers.map(marker => (
        <g key={marker.at.getTime()}>
          <path d={`M${x(marker.at).toFixed(1)} 4V${HEIGHT}`} className="stroke-ink-3" strokeDasharray="2 3" />
          <text
            x={x(marker.at) > WIDTH - 80 ? x(marker.at) - 4 : x(marker.at) + 4}
            y="8"
            fontSize="9.5"
            textAnchor={x(marker.at) > WIDTH - 80 ? 'end' : 'start'}
            className="fill-ink-3"
          >
            {marker.label}
          </text>
        </g>
      ))}
      <path
        d={line}
        fill="none"
        className="stroke-brand"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={end.x} cy={end.y} r="3.2" className="fill-brand stroke-panel" strokeWidth="1.5" />
    </svg>
  )
}
