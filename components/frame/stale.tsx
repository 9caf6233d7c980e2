import Link from 'next/link'
import type { ReactNode } from 'react'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import type { CrawlRun } from '#lib/api/crawls.ts'

/** That what one sees is older than it should be, why, and what to do; null where it is as new as it gets. */
export function staleness({ run, since, now }: { run: CrawlRun | null; since: Date | null; now: Date }): ReactNode {
  if (since !== null) {
    return (
      <Notice title="What you see is old">
        The worker was last heard of <Moment at={since} now={now} />. Everything here is as it was then; start the
        worker again (<code className="font-mono text-[0.75rem]">npm start</code> or{' '}
        <code className="font-mono text-[0.75rem]">npm run worker</code>), and it goes on from there.
      </Notice>
    )
  }
  if (run?.state !== 'failed') return null
  return (
    <Notice title="The last crawl failed">
      {run.reason && (
        <>
          <ForeignText text={run.reason} />{' '}
        </>
      )}
      What was read before is kept and shown.{' '}
      <Link href="/access" className="underline underline-offset-3">
        What the token may
      </Link>
      {' ·'}
    </Notice>
  )
}

function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <aside
      aria-label="How old this is"
      className="border-line border-b bg-fail-soft px-4 py-2 text-[0.8125rem] text-ink sm:px-8"
    >
      <strong className="font-semibold text-fail">{title}.</strong> {children}{' '}
      <Link href="/crawls" className="underline underline-offset-3">
        See the crawls
      </Link>
    </aside>
  )
}
