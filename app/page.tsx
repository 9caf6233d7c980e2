import type { Metadata } from 'next'
import Link from 'next/link'
import { FirstCrawl } from '#components/overview/first-crawl.tsx'
import { Hero } from '#components/overview/hero.tsx'
import { Movers } from '#components/overview/movers.tsx'
import { NewlyFailing } from '#components/overview/newly-failing.tsx'
import { Since } from '#components/overview/since.tsx'
import { Spine } from '#components/overview/spine.tsx'
import { Teams } from '#components/overview/teams.tsx'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { comparedOverview } from './reading.ts'

export const metadata: Metadata = { title: 'Overview' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function OverviewPage({ searchParams }: Props) {
  const { now, since, frame, progress, overview } = await comparedOverview(await searchParams)
  if (frame === null || overview === null || frame.coverage.scanned === 0)
    return <FirstCrawl page="Overview" frame={frame} progress={progress} />
  const titles = new Map(CHECKS.map(check => [check.id, check.title]))
  const parts = [...ITEMS, ...SECTIONS].map(part => ({ ...part, checked: CHECKS.some(({ item }) => item === part.id) }))
  const items = parts.slice(0, ITEMS.length)
  const sections = parts.slice(ITEMS.length).filter(part => part.checked)
  const newlyFailing = <NewlyFailing rows={overview.newlyFailing} titles={titles} since={since} now={now} />
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-[1.3125rem] leading-tight font-semibold tracking-tight">Overview</h1>
        <span className="flex flex-wrap items-center gap-3">
          <Since page="/" since={since} now={now} />
          <Link href={`/report?since=${since.toISOString().slice(0, 10)}`} className="control">
            Report
          </Link>
        </span>
      </div>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(18rem,0.85fr)_minmax(0,2.3fr)]">
        <div className="grid min-w-0 gap-4">
          <Hero overview={overview} since={since} now={now} />
          {/* Where there is room it stands below the score; where there is none the six items come first. */}
          <div className="max-xl:hidden">{newlyFailing}</div>
        </div>
        <div className="grid min-w-0 gap-4">
          <Spine title="The six items" parts={items} rows={overview.items} />
          {sections.length > 0 && <Spine title="Hardening" parts={sections} rows={overview.items} />}
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Movers overview={overview} titles={titles} since={since} now={now} />
            {overview.teams.length > 0 && <Teams teams={overview.teams} since={since} now={now} />}
          </div>
        </div>
        <div className="xl:hidden">{newlyFailing}</div>
      </div>
    </>
  )
}
