import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { CrawlRun } from '#lib/api/crawls.ts'

/** What GitHub still lets the crawl ask before the hour is over, as it last told. */
export function Budget({ run, now }: { run: CrawlRun | undefined; now: Date }) {
  const rows = [
    { name: 'REST requests', told: run?.budget?.core },
    { name: 'GraphQL points', told: run?.budget?.graphql },
  ]
  return (
    <Panel title="Budget left" aside="as GitHub last told">
      <dl className="grid gap-3 px-4 py-3 text-[0.8125rem] sm:px-5">
        {rows.map(({ name, told }) => (
          <div key={name} className="flex flex-wrap justify-between gap-x-4">
            <dt>{name}</dt>
            <dd className="text-ink-2">
              {told ? `${told.remaining.toLocaleString('en')} of ${told.limit.toLocaleString('en')}` : 'not told yet'}
            </dd>
            {told && (
              <dd className="w-full text-ink-3">
                full again <Moment at={new Date(told.resetAt)} now={now} />
              </dd>
            )}
            <dd aria-hidden="true" className="w-full">
              <svg aria-hidden="true" className="mt-1 block h-1.5 w-full overflow-hidden rounded-full bg-hair">
                {told && (
                  <rect
                    className="fill-brand"
                    width={`${(told.remaining / Math.max(1, told.limit)) * 100}%`}
                    height="100%"
                  />
                )}
              </svg>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
