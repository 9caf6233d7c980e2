import Link from 'next/link'
import type { ReactNode } from 'react'
import { BigScore, scoreText } from '#components/judgement/score.tsx'
import { OwnerNames } from '#components/owners/owner-names.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import type { Place } from '#lib/api/frame.ts'
import type { Scorecard } from '#lib/api/scorecard.ts'
import { commitHref } from './places.ts'

/** Which repository this is, what it is worth, and at which commit that was seen. */
export function Head({
  card,
  frame,
  now,
  looking,
}: {
  card: Scorecard
  frame: Place
  now: Date
  /** Where it can be looked at again from. */
  looking?: ReactNode
}) {
  const { scan } = card
  const change = scan?.score == null || scan.scoreBefore === null ? null : scan.score - scan.scoreBefore
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
      <div className="min-w-0">
        <p className="text-[0.8125rem] text-ink-3">
          <Link href="/repositories" className="underline-offset-3 hover:underline">
            Repositories
          </Link>{' '}
          / {frame.org}
        </p>
        <h1 className="text-[1.3125rem] leading-tight font-semibold tracking-tight [overflow-wrap:anywhere]">
          <ForeignText text={card.name} />
        </h1>
        <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem] text-ink-2">
          <span>{card.visibility}</span>
          {card.archived && <span>archived</span>}
          {card.fork && <span>fork</span>}
          {card.language && <ForeignText text={card.language} />}
          {card.owners.length > 0 && <OwnerNames owners={card.owners} />}
          {scan && (
            <>
              <span>
                {scan.itemsMet} of {scan.itemsApplied} items met
              </span>
              {scan.waivedFindings > 0 && (
                <span className="text-waived">
                  {scan.waivedFindings.toLocaleString('en')} {scan.waivedFindings === 1 ? 'finding' : 'findings'} waived
                </span>
              )}
              {scan.hardening !== null && <span>hardening {scoreText(scan.hardening)}</span>}
              <span>
                judged <Moment at={scan.at} now={now} />
                {scan.commit !== '' && (
                  <>
                    {' at '}
                    <a
                      href={commitHref({ ...frame, name: card.name, commit: scan.commit }, 'tree')}
                      rel="noreferrer"
                      className="link font-mono text-[0.75rem]"
                    >
                      {scan.commit.slice(0, 7)}
                    </a>
                  </>
                )}
              </span>
              {card.crawledAt && (
                <span>
                  looked at <Moment at={card.crawledAt} now={now} />
                </span>
              )}
            </>
          )}
        </p>
        {looking && <div className="mt-2">{looking}</div>}
      </div>
      {scan && (
        <BigScore score={scan.score} grade={scan.grade}>
          {change !== null && (
            <span className="text-[0.8125rem] leading-tight">
              <span className="font-semibold">
                <Change value={change} digits={0} />
              </span>
              <br />
              <span className="text-ink-2">in 30 days</span>
            </span>
          )}
        </BigScore>
      )}
    </div>
  )
}
