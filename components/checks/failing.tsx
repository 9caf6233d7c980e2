import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { FailingRepository } from '#lib/api/checks.ts'
import type { Counts } from '#lib/api/overview.ts'
import { repositoriesHref, repositoryHref } from '#lib/api/repositories.ts'

type Props = { checkId: string; counts: Counts; rows: readonly FailingRepository[]; now: Date }

/** Who fails, most places first. */
export function Failing({ checkId, counts, rows, now }: Props) {
  const all = counts.fail > rows.length && (
    <Link href={repositoriesHref({ check: checkId, outcome: 'fail' })} className="link">
      all {counts.fail.toLocaleString('en')}
    </Link>
  )
  return (
    <Panel title="Who fails" aside={all}>
      {rows.length === 0 ? (
        <Empty title={counts.pass > 0 ? 'Nobody fails' : 'It applies to nobody yet'} />
      ) : (
        <ul>
          {rows.map(row => (
            <li
              key={row.name}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 border-t border-hair px-4 py-2 text-[0.8125rem] first:border-t-0 sm:px-5"
            >
              <Link
                href={`${repositoryHref(row.name)}#${checkId}`}
                className="truncate font-medium underline-offset-3 hover:underline"
              >
                <ForeignText text={row.name} />
              </Link>
              <Link href={`${repositoryHref(row.name)}#${checkId}`} className="underline-offset-3 hover:underline">
                {row.failing.toLocaleString('en')} of {row.examined.toLocaleString('en')}
              </Link>
              {row.since && (
                <span className="col-span-2 text-ink-3">
                  since <Moment at={row.since} now={now} as="day" />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
