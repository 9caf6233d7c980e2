import Link from 'next/link'
import { TrendLine } from '#components/charts/trend-line.tsx'
import { Change } from '#components/ui/change.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { trendFileHref } from '#lib/api/exports.ts'
import { type Trends, type TrendsQuery, trendsHref } from '#lib/api/trends.ts'
import { ofStates, type SeriesPoint } from './series.ts'

type Part = { id: string; title: string }

/** Both ends of the range side by side, and the way between them, for every item: what was taken up, and by how many. */
export function Comparison({
  trends,
  parts,
  query,
  now,
}: {
  trends: Trends
  parts: readonly Part[]
  query: TrendsQuery
  now: Date
}) {
  const rows = parts.flatMap(part => {
    const item = trends.items.find(one => one.item === part.id)
    return item ? [{ ...part, points: ofStates(item.points) }] : []
  })
  const { from, to } = trends.range
  return (
    <Panel
      title="What was taken up"
      aside={
        <>
          share that passes of those judged ·{' '}
          <a href={trendFileHref({ ...query, item: undefined, check: undefined }, 'items')} className="link" download>
            every item as CSV
          </a>
        </>
      }
    >
      <div className="overflow-x-auto">
        <table className="w-full text-[0.8125rem]">
          <thead className="text-[0.75rem] text-ink-3">
            <tr>
              <th className="px-4 py-2 text-left font-medium sm:px-5">Item or section</th>
              <th className="w-72 px-2 text-left font-medium max-md:hidden">
                <span className="sr-only">Drawn</span>
              </th>
              <th className="px-2 text-right font-medium whitespace-nowrap max-sm:hidden">
                <Moment at={from} now={now} as="day" />
              </th>
              <th className="px-2 text-right font-medium whitespace-nowrap">
                <Moment at={to} now={now} as="day" />
              </th>
              <th className="py-2 pr-4 pl-2 text-right font-medium sm:pr-5">Change</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <Row key={row.id} {...row} href={trendsHref({ ...query, check: undefined, item: row.id })} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Row({ title, points, href }: Part & { points: readonly SeriesPoint[]; href: string }) {
  const [first] = points
  const last = points.at(-1)
  const change = first?.value == null || last?.value == null ? null : last.value - first.value
  return (
    <tr className="border-t border-hair">
      <th scope="row" className="px-4 py-2 text-left font-medium sm:px-5">
        <Link href={href} className="underline-offset-3 hover:underline">
          {title}
        </Link>
      </th>
      <td className="w-72 px-2 max-md:hidden">
        <TrendLine points={points} markers={[]} label={`The share that passes: ${title}`} whole />
      </td>
      <Share point={first} className="max-sm:hidden" />
      <Share point={last} />
      <td className="py-2 pr-4 pl-2 text-right sm:pr-5">
        <Change value={change} unit=" %" digits={0} />
      </td>
    </tr>
  )
}

/** A share is nothing without what it is of. */
function Share({ point, className = '' }: { point: SeriesPoint | undefined; className?: string }) {
  return (
    <td className={`px-2 text-right whitespace-nowrap ${className}`}>
      {point?.value == null ? '–' : `${Math.round(point.value)} %`}
      <span className="block text-[0.75rem] text-ink-3">of {point?.of ?? 0}</span>
    </td>
  )
}
