import Link from 'next/link'
import { OverviewSkeleton } from '#components/overview/overview-skeleton.tsx'
import { Empty } from '#components/ui/empty.tsx'
import type { Progress } from '#lib/api/crawls.ts'
import type { Frame } from '#lib/api/frame.ts'

type Props = { page: 'Overview' | 'Report'; frame: Frame | null; progress: Progress }

/** Before anything was judged: either it is on its way (the bar above moves, and this page fills by itself), or what to do. */
export function FirstCrawl({ page, frame, progress: { run } }: Props) {
  if (run?.state === 'running') {
    return (
      <>
        <h1 className="mb-4 text-[1.0625rem] font-semibold">
          Reading {frame?.org ?? 'the organisation'} for the first time
        </h1>
        <OverviewSkeleton />
      </>
    )
  }
  const failed = run?.state === 'failed'
  return (
    <section className="panel">
      <h1 className="sr-only">{page}</h1>
      {failed ? (
        <Empty title="The first crawl did not get through">
          <p>{run.reason ?? 'It gave no reason.'}</p>
          <p className="mt-2">
            <Link href="/crawls" className="link">
              What was read, and what to do
            </Link>
            {' · '}
            <Link href="/access" className="link">
              What the token may
            </Link>
          </p>
        </Empty>
      ) : frame !== null && run?.state === 'done' ? (
        <Empty title={`${frame.org} has no repository that could be judged`}>
          The token sees {frame.coverage.total} {frame.coverage.total === 1 ? 'repository' : 'repositories'}. If there
          should be more, give it access to them:{' '}
          <Link href="/access" className="link">
            what the token may, and how to change it
          </Link>
          .
        </Empty>
      ) : (
        <Empty title="Nothing has been crawled yet">
          The worker starts the first crawl by itself within a minute; this page fills as it goes. If nothing moves, the
          terminal that <code className="font-mono">npm start</code> runs in says why.
        </Empty>
      )}
    </section>
  )
}
