import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Mover, Overview } from '#lib/api/overview.ts'
import { repositoryHref } from '#lib/api/repositories.ts'

type Props = { overview: Overview; titles: Titles; since: Date; now: Date }
type Titles = ReadonlyMap<string, string>

/** What moved the score, both ways, each with why. */
export function Movers({ overview, titles, since, now }: Props) {
  const rows = [...overview.up, ...overview.down]
  return (
    <Panel
      title="What moved the score"
      aside={
        <>
          since <Moment at={since} now={now} as="day" />
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty title="Nothing moved by a point or more">
          Changes show here once repositories have been judged for longer.
        </Empty>
      ) : (
        <ul>
          {rows.map(row => (
            <Row key={row.name} row={row} titles={titles} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Row({ row, titles }: { row: Mover; titles: Titles }) {
  const up = row.change > 0
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5">
      <Link href={repositoryHref(row.name)} className="truncate font-medium underline-offset-3 hover:underline">
        <ForeignText text={row.name} />
      </Link>
      <Link
        href={`${repositoryHref(row.name)}/changes`}
        className={`font-semibold underline-offset-3 hover:underline ${up ? 'text-pass' : 'text-fail'}`}
      >
        {up ? '+' : '−'}
        {Math.round(Math.abs(row.change))}
        <span className="font-normal text-ink-3"> to {Math.floor(row.score)}</span>
      </Link>
      <ul className="col-span-2 text-[0.8125rem] text-ink-2">
        {row.reasons.map(({ checkId, fixed, opened }) => (
          <li key={checkId}>
            <Link href={`${repositoryHref(row.name)}/changes`} className="underline-offset-3 hover:underline">
              {[fixed > 0 && `${fixed} fixed`, opened > 0 && `${opened} new`].filter(Boolean).join(', ')}
            </Link>
            {': '}
            {titles.get(checkId) ?? checkId}
          </li>
        ))}
        {row.reasons.length === 0 && <li>Other places are examined than before</li>}
      </ul>
    </li>
  )
}
