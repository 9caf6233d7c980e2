/** A difference with its direction: a triangle and a colour, and words for those who see neither. `digits` after the point. */
export function Change({ value, unit = '', digits = 1 }: { value: number | null; unit?: string; digits?: number }) {
  if (value === null) return <span className="text-ink-3">–</span>
  const rounded = Math.abs(value).toFixed(digits)
  if (Number(rounded) === 0) return <span className="text-ink-3">±0{unit}</span>
  const up = value > 0
  return (
    <span className={`whitespace-nowrap ${up ? 'text-pass' : 'text-fail'}`}>
      <span aria-hidden="true">{up ? '▲' : '▼'}</span>
      <span className="sr-only">{up ? 'up' : 'down'}</span> {rounded}
      {unit}
    </span>
  )
}
