import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { crawlWords } from '#components/crawls/words.ts'
import { AtHash } from '#components/layout/at-hash.tsx'
import { BadgeUse } from '#components/scorecard/badge-use.tsx'
import { Head } from '#components/scorecard/head.tsx'
import { ItemGroup } from '#components/scorecard/item-group.tsx'
import { LookAgain } from '#components/scorecard/look-again.tsx'
import { NextSteps } from '#components/scorecard/next-steps.tsx'
import { Plumb } from '#components/scorecard/plumb.tsx'
import { Tabs } from '#components/scorecard/tabs.tsx'
import { Timeline } from '#components/scorecard/timeline.tsx'
import { Unread } from '#components/scorecard/unread.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { WaiversPanel } from '#components/waivers/waivers-panel.tsx'
import { scorecardQuery } from '#lib/api/scorecard.ts'
import { readEnv } from '#lib/env.ts'
import { readLook } from '#lib/store/looks.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { currentPlace, read } from '../../reading.ts'
import { ask, decide, mayDo, waivingOf } from '../../waivers/acts.ts'
import { grouped, TITLES, titled } from './card.ts'
import { lookNow, whyNoLook } from './looking.ts'

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
  const shown = await currentPlace()
  const now = new Date()
  const card = shown && (await read(db => readScorecard(db, shown.scope, name, now, all)))
  if (!shown || !card) notFound()
  const { scan } = card
  const found = await read(db => readLook(db, shown.scope, name, now))
  const looking = (
    <LookAgain name={card.name} initial={found?.look ?? null} whyNot={await whyNoLook(shown)} ask={lookNow} />
  )
  const { badges, url } = readEnv()
  if (scan === null) {
    const { word, hint } = crawlWords(card.crawl)
    return (
      <>
        <Head card={card} frame={shown} now={now} looking={looking} />
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
  const place = { webUrl: shown.webUrl, org: shown.org, name: card.name, commit: scan.commit }
  const groups = grouped(card.checks)
  const items = groups.filter(group => group.minimum)
  const sections = groups.filter(group => !group.minimum)
  const waiving = await waivingOf(shown, { name: card.name, longestDays: card.longestWaiverDays }, now)
  const desk = { waiving, ask, decide, fixes: await mayDo('fix:take', shown, card.name) }
  const open = card.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')
  const aside = (
    <>
      <Unread scan={scan} />
      <Timeline entries={card.timeline} place={place} now={now} />
      {badges && card.visibility === 'public' && (
        <BadgeUse name={card.name} org={shown.orgs.length > 1 ? shown.org : null} url={url} />
      )}
      <p className="text-[0.8125rem]">
        <a href={`/api/repositories/${encodeURIComponent(card.name)}`} className="link">
          This page as JSON
        </a>
      </p>
    </>
  )
  return (
    <>
      <Head card={card} frame={shown} now={now} looking={looking} />
      <Tabs name={card.name} current="" />
      <div className="grid items-start gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5">
          <Plumb stations={items} label="The six items" />
          {sections.length > 0 && <Plumb stations={sections} label="Hardening" />}
          <NextSteps
            name={card.name}
            steps={titled(open.map(check => ({ ...check, places: [] })))}
            fixes={desk.fixes}
          />
          <div className="grid gap-5 max-lg:hidden">{aside}</div>
        </div>
        <div className="grid min-w-0 gap-7">
          {groups.map(({ id, title, own }) => (
            <ItemGroup
              key={id}
              id={id}
              title={title}
              scored={scan.items.find(item => item.id === id)}
              own={own}
              place={place}
              waivers={card.waivers}
              desk={desk}
              now={now}
            />
          ))}
          <WaiversPanel name={card.name} waivers={card.waivers} titles={TITLES} desk={desk} now={now} />
        </div>
        <div className="grid gap-5 lg:hidden">{aside}</div>
      </div>
      <AtHash />
    </>
  )
}
