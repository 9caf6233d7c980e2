import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { crawlWords } from '#components/crawls/words.ts'
import { CheckPanel } from '#components/scorecard/check-panel.tsx'
import { Head } from '#components/scorecard/head.tsx'
import { NextSteps } from '#components/scorecard/next-steps.tsx'
import { Plumb } from '#components/scorecard/plumb.tsx'
import { Timeline } from '#components/scorecard/timeline.tsx'
import { Unread } from '#components/scorecard/unread.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { scorecardQuery } from '#lib/api/scorecard.ts'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { currentFrame, read } from '../../reading.ts'

type Props = {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function ScorecardPage({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name)
  const { all } = scorecardQuery.parse(await searchParams)
  const frame = await currentFrame()
  const now = new Date()
  const card = frame && (await read(db => readScorecard(db, frame.orgId, name, now, all)))
  if (!frame || !card) notFound()
  const { scan } = card
  if (scan === null) {
    const { word, hint } = crawlWords(card.crawl)
    return (
      <>
        <Head card={card} frame={frame} now={now} />
        <section className="panel">
          <Empty title={`Not judged: ${word}`}>
            {card.crawlReason && (
              <p>
                <ForeignText text={card.crawlReason} />
              </p>
            )}
            <p>{hint}</p>
          </Empty>
        </section>
      </>
    )
  }
  const place = { webUrl: frame.webUrl, org: frame.org, name: card.name, commit: scan.commit }
  const judged = CHECKS.flatMap(sheet => {
    const check = card.checks.find(({ id }) => id === sheet.id)
    return check ? [{ sheet, check }] : []
  })
  const groups = [ITEMS, SECTIONS].map(parts =>
    parts.flatMap(({ id, title }) => {
      const own = judged.filter(({ sheet }) => sheet.item === id)
      return own.length === 0 ? [] : [{ id, title, own, checks: own.map(({ check }) => check) }]
    }),
  )
  const [items = [], sections = []] = groups
  const minimum = new Set<string>(ITEMS.map(item => item.id))
  const steps = judged.map(({ sheet, check }) => ({
    ...check,
    title: sheet.title,
    remediation: sheet.remediation,
    minimum: minimum.has(sheet.item),
  }))
  return (
    <>
      <Head card={card} frame={frame} now={now} />
      <div className="grid items-start gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          <Plumb stations={items} label="The six items" />
          {sections.length > 0 && <Plumb stations={sections} label="Hardening" />}
          <NextSteps name={card.name} steps={steps} />
          <div className="grid gap-5 max-lg:hidden">
            <Unread scan={scan} />
            <Timeline entries={card.timeline} place={place} now={now} />
          </div>
        </div>
        <div className="grid min-w-0 gap-4">
          <h2 className="sr-only">The six items</h2>
          {items.flatMap(({ own }) =>
            own.map(({ sheet, check }) => (
              <CheckPanel key={check.id} check={check} sheet={sheet} place={place} now={now} />
            )),
          )}
          {sections.length > 0 && <h2 className="mt-3 text-[0.9375rem] font-semibold">Hardening</h2>}
          {sections.flatMap(({ own }) =>
            own.map(({ sheet, check }) => (
              <CheckPanel key={check.id} check={check} sheet={sheet} place={place} now={now} />
            )),
          )}
        </div>
        <div className="grid gap-5 lg:hidden">
          <Unread scan={scan} />
          <Timeline entries={card.timeline} place={place} now={now} />
        </div>
      </div>
    </>
  )
}
