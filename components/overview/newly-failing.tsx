import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { NewlyFailing as Row } from '#lib/api/overview.ts'
import { repositoryHref } from '#lib/api/repositories.ts'

/** What was right at that date and is not now: the cheapest moment to mend it. */
export function NewlyFailing({
  rows,
  titles,
  since,
  now,
}: {
  rows: readonly Row[]
  titles: ReadonlyMap<string, string>
  since: Date
  now: Date
}) {
  return (
    <Panel
      title="Newly failing"
      aside={
        <>
          right on <Moment at={since} now={now} as="day" />, wrong now
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty title="Nothing that was right has gone wrong" />
      ) : (
        <ul>
          {rows.map(row => (
            <li
              key={`${row.name} ${row.checkId}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5"
            >
              <Link
                href={`${repositoryHref(row.name)}#${row.checkId}`}
                className="truncate font-medium underline-offset-3 hover:underline"
              >
                <ForeignText text={row.name} />
              </Link>
              <span className="text-[0.8125rem] text-ink-3">
                <Moment at={row.since} now={now} />
              </span>
              <span className="col-span-2 text-[0.8125rem] text-ink-2">
                <Link
                  href={`${repositoryHref(row.name)}#${row.checkId}`}
                  className="underline-offset-3 hover:underline"
                >
                  {row.findings} {row.findings === 1 ? 'place' : 'places'}
                </Link>
                {': '}
                {titles.get(row.checkId) ?? row.checkId}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
