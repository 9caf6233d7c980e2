/** Where points lie in a drawing, in percent: its lines stretch with it, its words stay as large as those around them. */

export type Spot = { at: Date; value: number }
export type Marker = { at: Date; label: string }

/** The way across, from the first date to the last. */
export function acrossOf(points: readonly { at: Date }[]): (at: Date) => number {
  const first = points[0]?.at.getTime() ?? 0
  const span = Math.max(1, (points.at(-1)?.at.getTime() ?? 1) - first)
  return at => Math.min(100, Math.max(0, ((at.getTime() - first) / span) * 100))
}

/** The stretches without a gap. */
export function linesOf(points: readonly { at: Date; value: number | null }[]): Spot[][] {
  const lines: Spot[][] = [[]]
  for (const { at, value } of points) {
    if (value === null) lines.push([])
    else lines.at(-1)?.push({ at, value })
  }
  return lines.filter(line => line.length > 0)
}

export function pathOf(line: readonly Spot[], x: (at: Date) => number, y: (value: number) => number): string {
  return line
    .map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(2)} ${y(value).toFixed(2)}`)
    .join('')
}

const DAY_MS = 86_400_000

/** Dates to be written below: both ends and what lies between; with the year where they are not of one. */
export function datesBelow(
  points: readonly { at: Date }[],
): { share: number; text: string; anchor: 'start' | 'middle' | 'end' }[] {
  const first = points[0]?.at.getTime()
  const last = points.at(-1)?.at.getTime()
  if (first === undefined || last === undefined || last - first < DAY_MS) return []
  const years = new Date(first).getUTCFullYear() !== new Date(last).getUTCFullYear()
  return [0, 25, 50, 75, 100].map(share => ({
    share,
    text: new Date(first + ((last - first) * share) / 100).toLocaleDateString('en-GB', {
      ...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
      ...(years && { year: '2-digit' }),
    }),
    anchor: share === 0 ? 'start' : share === 100 ? 'end' : 'middle',
  }))
}

/** Whether the words of a mark stand before it, so that they keep within the drawing. `x` in percent. */
export function isLate(x: number): boolean {
  return x > 50
}

/** The marks whose words have room beside those of later ones, each of that width in percent. */
export function wordedOf(markers: readonly Marker[], x: (at: Date) => number, room: number): ReadonlySet<Marker> {
  const taken: { from: number; to: number }[] = []
  return new Set(
    markers.toReversed().filter(({ at }) => {
      const place = x(at)
      const [from, to] = isLate(place) ? [place - room, place] : [place, place + room]
      if (taken.some(other => from < other.to && other.from < to)) return false
      taken.push({ from, to })
      return true
    }),
  )
}
