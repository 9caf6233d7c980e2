import type { Metadata } from 'next'
import Link from 'next/link'
import { TrendLine } from '#components/charts/trend-line.tsx'
import { crawlWords } from '#components/crawls/words.ts'
import { BigScore, scoreText } from '#components/judgement/score.tsx'
import { FirstCrawl } from '#components/overview/first-crawl.tsx'
import { Since } from '#components/overview/since.tsx'
import { Standing } from '#components/report/standing.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import type { Frame } from '#lib/api/frame.ts'
import type { Mover, Overview } from '#lib/api/overview.ts'
import { repositoriesHref, repositoryHref } from '#lib/api/repositories.ts'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { gradeOf } from '#lib/score/score.ts'
import { comparedOverview } from '../reading.ts'

export const metadata: Metadata = { title: 'Report' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** One page for people who do not come here: where the organisation stands, what moved, and what is not known. */
export default async function ReportPage({ searchParams }: Props) {
  const { now, since, frame, progress, overview } = await comparedOverview(await searchParams)
  if (frame === null || overview === null || frame.coverage.scanned === 0)
    return <FirstCrawl page="Report" frame={frame} progress={progress} />
  const { score, scoreBefore, trend, items } = overview
  return (
    <article className="mx-auto max-w-[48rem]">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div>
          <h1 className="text-[1.3125rem] leading-tight font-semibold tracking-tight">
            Supply-chain posture of {frame.org}
          </h1>
          <p className="mt-1 text-ink-2">
            <Moment at={now} now={now} as="day" />, compared with <Moment at={since} now={now} as="day" />
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-3 print:hidden">
          <Since page="/report" since={since} now={now} />
          <PrintButton />
        </div>
      </div>
      <section
        aria-label="Score"
        className="mb-5 grid items-center print:mb-3 gap-x-8 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)]"
      >
        <BigScore score={score} grade={score === null ? null : gradeOf(score)}>
          <Change value={score === null || scoreBefore === null ? null : score - scoreBefore} />
        </BigScore>
        <div className="max-w-[22rem] print:max-w-[15rem]">
          <TrendLine
            points={trend.map(({ at, score: value }) => ({ at, value }))}
            markers={overview.changes.map(({ at, what }) => ({ at, label: `${what} changed` }))}
            label="The score over twelve months"
          />
        </div>
      </section>
      <Summary overview={overview} frame={frame} />
      <Standing title="The six items" parts={ITEMS} rows={items} />
      <Standing
        title="Beyond the minimum"
        parts={SECTIONS.filter(({ id }) => CHECKS.some(({ item }) => item === id))}
        rows={items}
      />
      <div className="grid gap-x-8 sm:grid-cols-2">
        <Moved title="Rose most" rows={overview.up} />
        <Moved title="Fell most" rows={overview.down} />
      </div>
    </article>
  )
}

function Summary({ overview, frame }: { overview: Overview; frame: Frame }) {
  const { allMet, allMetBefore, repositories, hardening, findings } = overview
  const { crawled, total, missing } = frame.coverage
  const more = allMet - allMetBefore
  return (
    <p className="mb-5 text-ink-2 print:mb-3 print:text-[0.75rem]">
      <Counted href={repositoriesHref({ met: 'all' })}>{allMet}</Counted> of{' '}
      <Counted href={repositoriesHref({})}>{repositories}</Counted> repositories meet every item that applies to them
      {more !== 0 && `, ${Math.abs(more)} ${more > 0 ? 'more' : 'fewer'} than then`}; the hardening score is{' '}
      {scoreText(hardening)}. <Counted href={repositoriesHref({ sort: 'findings', order: 'desc' })}>{findings}</Counted>{' '}
      places are to be mended. <Counted href={repositoriesHref({ crawl: 'read', archived: 'all' })}>{crawled}</Counted>{' '}
      of <Counted href={repositoriesHref({ archived: 'all' })}>{total}</Counted> repositories could be read
      {missing.map(({ outcome, count }, index) => (
        <span key={outcome}>
          {index === 0 ? ' (' : ', '}
          <Counted href={repositoriesHref({ crawl: outcome, archived: 'all' })}>{count}</Counted>{' '}
          {crawlWords(outcome).word}
        </span>
      ))}
      {missing.length > 0 && ')'}; what could not be looked at counts neither as good nor as bad.
    </p>
  )
}

/** A number that leads to what it counts. */
function Counted({ href, children }: { href: string; children: number }) {
  return (
    <Link href={href} className="text-ink underline decoration-line underline-offset-3 hover:decoration-current">
      {children.toLocaleString('en')}
    </Link>
  )
}

function Moved({ title, rows }: { title: string; rows: readonly Mover[] }) {
  if (rows.length === 0) return null
  return (
    <section className="mb-5 text-[0.8125rem] print:mb-0 print:text-[0.6875rem] print:leading-tight">
      <h2 className="mb-1 text-[0.875rem] font-semibold">{title}</h2>
      <ul>
        {rows.slice(0, 5).map(({ name, change, score }) => (
          <li key={name} className="flex justify-between gap-3 border-b border-hair py-1 print:py-0.5">
            <Link
              href={`${repositoryHref(name)}/changes`}
              className="underline-offset-3 [overflow-wrap:anywhere] hover:underline"
            >
              <ForeignText text={name} />
            </Link>
            <span className="whitespace-nowrap">
              <Change value={change} digits={0} /> to {Math.floor(score)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
