import type { Metadata } from 'next'
import Link from 'next/link'
import { NothingYet } from '#components/crawls/nothing-yet.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Lists } from '#components/waivers/lists.tsx'
import { WaiverItem } from '#components/waivers/waiver-item.tsx'
import { exportHref } from '#lib/api/exports.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { WAIVERS_PAGE, type WaiverList, waiversHref, waiversQuery } from '#lib/api/waivers.ts'
import { longestWaiver } from '#lib/policy/document.ts'
import { readWaivers } from '#lib/store/pages/waivers.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { currentPlace, read } from '../reading.ts'
import { TITLES } from '../repositories/[name]/card.ts'
import { decide, waivingOf } from './acts.ts'

export const metadata: Metadata = { title: 'Waivers' }

const NONE: Record<WaiverList, string> = {
  asked: 'Nothing waits for a decision',
  'in-force': 'No waiver is in force',
  ending: 'No waiver ends soon',
  over: 'No waiver is over',
  all: 'No waiver was ever asked for',
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function WaiversPage({ searchParams }: Props) {
  const query = waiversQuery.parse(await searchParams)
  const shown = await currentPlace()
  const now = new Date()
  if (shown === null) {
    return (
      <NothingYet page="Waivers" title="There is nothing to waive yet">
        The first crawl brings the repositories.
      </NothingYet>
    )
  }
  const [{ list, rows, total, counts }, { document }] = await read(db =>
    Promise.all([readWaivers(db, shown.scope, query, now), currentPolicy(db, shown.scope.orgId)]),
  )
  const waiving = await waivingOf(shown, { name: null, longestDays: longestWaiver(document) }, now)
  const pages = Math.ceil(total / WAIVERS_PAGE)
  return (
    <>
      <PageTitle
        title="Waivers"
        aside={<DownloadLink href={exportHref('waivers', { archived: 'all' })}>All as CSV</DownloadLink>}
      >
        What {shown.org} lives with for a time: it is counted apart, never as passed, and counts again by itself when
        its time is over. One is asked for where the finding is, on the repository’s scorecard.
        {waiving.may !== 'decide' && shown.demo && ` ${waiving.whyNot}`}
      </PageTitle>
      {query.repository && (
        <p className="mb-3 text-[0.8125rem]">
          Of <ForeignText text={query.repository} /> only.{' '}
          <Link href={waiversHref({ list })} className="link">
            Of all repositories
          </Link>
        </p>
      )}
      <Lists counts={counts} list={list} repository={query.repository} />
      <section aria-label="Waivers" className="panel">
        {rows.length === 0 ? (
          <Empty title={NONE[list]}>
            {list === 'asked' && 'What is asked for on a scorecard comes here, with who asks and why. '}
            <Link href={repositoriesHref({ outcome: 'fail' })} className="link">
              Repositories where something fails
            </Link>
          </Empty>
        ) : (
          <ol>
            {rows.map(waiver => (
              <WaiverItem key={waiver.id} waiver={waiver} titles={TITLES} waiving={waiving} decide={decide} now={now} />
            ))}
          </ol>
        )}
      </section>
      {pages > 1 && (
        <nav aria-label="Pages" className="mt-3 flex items-center gap-3 text-[0.8125rem]">
          {query.page > 1 && (
            <Link href={waiversHref({ ...query, list, page: query.page - 1 })} className="control">
              Before
            </Link>
          )}
          <span className="text-ink-2">
            page {query.page} of {pages}
          </span>
          {query.page < pages && (
            <Link href={waiversHref({ ...query, list, page: query.page + 1 })} className="control">
              Next
            </Link>
          )}
        </nav>
      )}
    </>
  )
}
