import Link from 'next/link'
import { Moment } from '#components/ui/moment.tsx'
import type { Frame } from '#lib/api/frame.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'

const WORDS: Record<string, string> = {
  empty: 'empty',
  denied: 'denied',
  gone: 'gone',
  blocked: 'blocked',
  failed: 'failed',
  waiting: 'waiting',
}

/** Coverage and freshness in a line; each number leads to the repositories that it counts. */
export function Status({ frame, now }: { frame: Frame; now: Date }) {
  const { crawled, total, missing, oldest } = frame.coverage
  const whole = missing.every(({ outcome }) => outcome === 'empty')
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-[0.8125rem] text-ink-2">
      <span className="mr-2 text-[0.875rem] font-medium text-ink">{frame.org}</span>
      <span
        aria-hidden="true"
        className={`size-[7px] rounded-full ${whole ? 'bg-pass' : 'border-[1.5px] border-fail'}`}
      />
      <span>
        {crawled} of {total} crawled
      </span>
      {missing.map(({ outcome, count }) => (
        <span key={outcome}>
          ·{' '}
          <Link
            href={repositoriesHref({ crawl: outcome, archived: 'all' })}
            className="underline-offset-3 hover:underline"
          >
            {count} {WORDS[outcome] ?? outcome}
          </Link>
        </span>
      ))}
      {oldest && (
        <span>
          · oldest <Moment at={oldest} now={now} />
        </span>
      )}
    </p>
  )
}
