import type { Metadata } from 'next'
import { NothingYet } from '#components/crawls/nothing-yet.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Asking } from '#components/trends/asking.tsx'
import { Chosen } from '#components/trends/chosen.tsx'
import { Comparison } from '#components/trends/comparison.tsx'
import { ofScores, ofStates } from '#components/trends/series.ts'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { trendFileHref } from '#lib/api/exports.ts'
import { rangeOf, type TrendsQuery, trendsQuery } from '#lib/api/trends.ts'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { currentFrame, currentPlace, read } from '../reading.ts'
import { SUBJECTS } from '../subjects.ts'

export const metadata: Metadata = { title: 'Trends' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function TrendsPage({ searchParams }: Props) {
  const now = new Date()
  const query = queryOf(await searchParams)
  const range = rangeOf(query, now)
  const shown = await currentPlace()
  const [frame, trends] = await Promise.all([
    currentFrame(),
    shown && read(db => readTrends(db, shown.scope, query, range)),
  ])
  if (frame === null || trends === null || frame.coverage.scanned === 0) {
    return (
      <NothingYet page="Trends" title="There is no history yet">
        It begins with the first repository that is judged.
      </NothingYet>
    )
  }
  const subject = SUBJECTS.find(({ value }) => value === `check:${query.check}` || value === `item:${query.item}`)
  const chosen = subject && trends.subject ? ofStates(trends.subject) : ofScores(trends.score)
  const whose = query.team ?? frame.org
  return (
    <>
      <PageTitle title="Trends" aside={<DownloadLink href={trendFileHref(query)}>This trend as CSV</DownloadLink>}>
        Each date counts what was judged by then; repositories that are archived or gone are left out.
      </PageTitle>
      <Asking query={query} range={range} subjects={SUBJECTS} teams={trends.teams} now={now} />
      <div className="grid gap-4">
        <Chosen
          title={subject ? `${subject.label}, ${whose}` : `Minimum-viable score, ${whose}`}
          unit={subject ? ' %' : ''}
          points={chosen}
          changes={trends.changes}
          now={now}
        />
        <Comparison trends={trends} parts={[...ITEMS, ...SECTIONS]} query={query} now={now} />
      </div>
    </>
  )
}

/** `of` comes from the form and names an item or a check. */
function queryOf(search: Record<string, string | string[] | undefined>): TrendsQuery {
  const [kind, id] = typeof search.of === 'string' ? search.of.split(':') : []
  const own = kind === 'item' || kind === 'check' ? { [kind]: id } : {}
  return trendsQuery.parse({ ...search, ...own })
}
