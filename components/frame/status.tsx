import Link from 'next/link'
import { crawlWords } from '#components/crawls/words.ts'
import { Moment } from '#components/ui/moment.tsx'
import type { Frame } from '#lib/api/frame.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { OrgName } from './org-name.tsx'

/** Coverage and freshness in a line; each number leads to the repositories that it counts. */
export function Status({ frame, now }: { frame: Frame; now: Date }) {
  const { crawled, total, missing, oldest } = frame.coverage
  const whole = missing.every(({ outcome }) => outcome === 'empty')
  return (
    <div className="flex flex-wrap items-center gap-x-3 text-[0.8125rem] text-ink-2">
      <OrgName org={frame.org} orgs={frame.orgs} />
      <span>
        <span
          aria-hidden="true"
          className={`mr-1.5 inline-block size-[7px] rounded-full ${whole ? 'bg-pass' : 'border-[1.5px] border-fail'}`}
        />
        <Counted href={repositoriesHref({ crawl: 'read', archived: 'all' })} count={crawled} /> of{' '}
        <Counted href={repositoriesHref({ archived: 'all' })} count={total} /> crawled
        {missing.map(({ outcome, count }) => (
          <span key={outcome}>
            {' · '}
            <Counted
              href={repositoriesHref({ crawl: outcome, archived: 'all' })}
              count={count}
              what={crawlWords(outcome).word}
            />
          </span>
        ))}
        {oldest && (
          <>
            {' · oldest '}
            <Moment at={oldest} now={now} />
          </>
        )}
      </span>
    </div>
  )
}

function Counted({ href, count, what = '' }: { href: string; count: number; what?: string }) {
  return (
    <Link href={href} className="underline decoration-line underline-offset-3 hover:decoration-current">
      {`${count.toLocaleString('en')} ${what}`.trim()}
    </Link>
  )
}
