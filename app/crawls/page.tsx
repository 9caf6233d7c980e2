import type { Metadata } from 'next'
import { Capabilities } from '#components/crawls/capabilities.tsx'
import { Now } from '#components/crawls/now.tsx'
import { OwnFiles } from '#components/crawls/own-files.tsx'
import { Runs } from '#components/crawls/runs.tsx'
import { Troubles } from '#components/crawls/troubles.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import type { Crawls } from '#lib/api/crawls.ts'
import { readEnv } from '#lib/env.ts'
import { readCrawling } from '#lib/store/pages/crawling.ts'
import { readCrawls } from '#lib/store/pages/crawls.ts'
import { ownFiles } from '../own-files.ts'
import { currentPlace, read } from '../reading.ts'

export const metadata: Metadata = { title: 'Crawls' }

const NONE: Crawls = { runs: [], replayed: null, troubles: [], capabilities: [] }

export default async function CrawlsPage() {
  const shown = await currentPlace()
  const now = new Date()
  const [crawls, crawling] = await Promise.all([
    shown ? read(db => readCrawls(db, shown.scope)) : NONE,
    shown && read(db => readCrawling(db, shown.scope, now)),
  ])
  return (
    <>
      <PageTitle title="Crawls">
        Reading the repositories from GitHub. A crawl asks only for what it has not seen: what did not change costs
        nothing.
      </PageTitle>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 gap-4">
          <Runs runs={crawls.runs} replayed={crawls.replayed} now={now} />
          {(crawls.runs.length > 0 || crawls.replayed) && (
            <Troubles troubles={crawls.troubles} crawl={crawling?.run?.state} />
          )}
        </div>
        <div className="grid min-w-0 gap-4">
          {crawling && <Now initial={crawling} minutes={readEnv().crawlMinutes} />}
          <Capabilities capabilities={crawls.capabilities} />
          <OwnFiles found={await ownFiles(now)} now={now} />
        </div>
      </div>
    </>
  )
}
