import { TimeChart } from '#components/charts/time-chart.tsx'
import { Change } from '#components/ui/change.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Trends } from '#lib/api/trends.ts'
import type { SeriesPoint } from './series.ts'

type Props = { title: string; unit: string; points: readonly SeriesPoint[]; changes: Trends['changes']; now: Date }

const MARKS = { checklist: 'checklist changed', policy: 'policy changed' }

/** The trend that was asked for: drawn, in a sentence, and as numbers. */
export function Chosen({ title, unit, points, changes, now }: Props) {
  const known = points.filter(point => point.value !== null)
  const [first] = known
  const last = known.at(-1)
  if (first?.value == null || last?.value == null) {
    return (
      <Panel title={title}>
        <Empty title="Nothing was judged in this time">Choose a longer time, or another item.</Empty>
      </Panel>
    )
  }
  const number = (value: number) => `${unit === '' ? value.toFixed(1) : Math.round(value)}${unit}`
  return (
    <Panel title={title} aside="line: 0–100 · bars: repositories judged">
      <div className="px-4 py-4 sm:px-5">
        <p className="mb-3">
          <strong className="text-[1.0625rem] font-semibold">{number(last.value)}</strong> of {last.of} repositories
          now; {number(first.value)} of {first.of} on <Moment at={first.at} now={now} as="day" />.{' '}
          <Change value={last.value - first.value} unit={unit} />
        </p>
        <TimeChart
          points={points}
          markers={changes.map(({ at, what }) => ({ at, label: MARKS[what] }))}
          label={`${title}: ${number(first.value)} at first, ${number(last.value)} at last`}
        />
        <details className="mt-2 text-[0.8125rem]">
          <summary className="w-fit text-ink-3">The same as numbers</summary>
          <div className="mt-2 max-h-72 overflow-y-auto">
            <table className="w-full">
              <thead className="text-left text-[0.75rem] text-ink-3">
                <tr>
                  <th className="font-medium">On</th>
                  <th className="text-right font-medium">{unit === '' ? 'Score' : 'Share that passes'}</th>
                  <th className="text-right font-medium">Repositories judged</th>
                </tr>
              </thead>
              <tbody>
                {known.toReversed().map(({ at, value, of }) => (
                  <tr key={at.getTime()} className="border-t border-hair">
                    <th scope="row" className="py-1 text-left font-normal">
                      <Moment at={at} now={now} as="day" />
                    </th>
                    <td className="text-right">{number(value ?? 0)}</td>
                    <td className="text-right">{of}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </div>
    </Panel>
  )
}
