import type { Metadata } from 'next'
import Link from 'next/link'
import { NothingYet } from '#components/crawls/nothing-yet.tsx'
import { crawlWords } from '#components/crawls/words.ts'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Filters } from '#components/repositories/filters.tsx'
import { ListTools } from '#components/repositories/list-tools.tsx'
import { Selection } from '#components/repositories/selection.tsx'
import { RepositoryTable } from '#components/repositories/table.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Paging } from '#components/ui/paging.tsx'
import { PAGE_SIZE, repositoriesHref, repositoriesQuery } from '#lib/api/repositories.ts'
import { longestWaiver } from '#lib/policy/document.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { askedBy, ownNamesOf } from '../owning.ts'
import { currentFrame, currentPlace, read } from '../reading.ts'
import { CHECK_OPTIONS, SUBJECTS } from '../subjects.ts'
import { askMany, waivingOf } from '../waivers/acts.ts'

export const metadata: Metadata = { title: 'Repositories' }

export default async function RepositoriesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const query = repositoriesQuery.parse(await searchParams)
  const shown = await currentPlace()
  const now = new Date()
  const [frame, list] = await Promise.all([
    currentFrame(),
    shown &&
      read(async (db, viewer) => {
        const owning = ownNamesOf(db, viewer, shown.scope.orgId)
        // Only a list of what is theirs waits for who they are.
        const asked = query.mine ? askedBy(query, await owning) : query
        const [own, { document }, found] = await Promise.all([
          owning,
          currentPolicy(db, shown.scope.orgId),
          readRepositories(db, shown.scope, asked, now),
        ])
        return { own, document, ...found }
      }),
  ])
  if (frame === null || list === null || frame.coverage.total === 0)
    return (
      <NothingYet page="Repositories" title="No repository has been listed yet">
        The first crawl lists them.
      </NothingYet>
    )
  const { own, document, rows, total, ...facets } = list
  return (
    <>
      <PageTitle title="Repositories" aside={<ListTools query={query} mine={own !== null} />}>
        <span role="status">
          {total.toLocaleString('en')} of {frame.coverage.total.toLocaleString('en')} in {frame.org}
          {query.crawl && `, ${crawlWords(query.crawl).word}`}
          {query.reason && (
            <>
              : <ForeignText text={query.reason} />
            </>
          )}
          {query.unowned && (
            <>
              , that nobody answers for (
              <Link href={repositoriesHref({ ...query, unowned: undefined, page: 1 })} className="link">
                show owned ones too
              </Link>
              )
            </>
          )}
          {query.mine && own !== null && `, of ${own.join(', ')}`}
        </span>
      </PageTitle>
      <section aria-label="List of repositories" className="panel">
        <Filters query={query} subjects={SUBJECTS} {...facets} />
        {rows.length === 0 ? (
          <Empty
            title={total === 0 && query.page === 1 ? 'No repository is like that' : 'The list ends before this page'}
          >
            <Link href={query.page > 1 ? repositoriesHref({ ...query, page: 1 }) : '/repositories'} className="link">
              {query.page > 1 ? 'To its first page' : 'Show all of them'}
            </Link>
          </Empty>
        ) : (
          <RepositoryTable rows={rows} query={query} now={now} />
        )}
        {rows.length > 0 && (
          <Paging
            page={query.page}
            size={PAGE_SIZE}
            total={total}
            href={page => repositoriesHref({ ...query, page })}
          />
        )}
        <Selection
          checks={CHECK_OPTIONS}
          check={query.check}
          waiving={await waivingOf(frame, { name: null, longestDays: longestWaiver(document) }, now)}
          askMany={askMany}
        />
      </section>
    </>
  )
}
