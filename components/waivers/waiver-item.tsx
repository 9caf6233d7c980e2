import Link from 'next/link'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Words } from '#components/ui/words.tsx'
import { repositoryHref } from '#lib/api/repositories.ts'
import { lastDayOf, type WaiverAnswer, type WaiverDecision, type WaiverWithHistory } from '#lib/api/waivers.ts'
import { Decide } from './decide.tsx'
import { LastDay } from './last-day.tsx'
import { StateTag } from './state-tag.tsx'
import { reasonTitle, scopeWords, type Waiving } from './words.ts'

type Props = {
  waiver: WaiverWithHistory
  titles: ReadonlyMap<string, string>
  waiving: Waiving
  decide(decision: WaiverDecision): Promise<WaiverAnswer>
  /** Left out on the repository's own page. */
  named?: boolean
  now: Date
}

/** One waiver: what it is over, why, who, until when, what can be done, and how it came to be. */
export function WaiverItem({ waiver, titles, waiving, decide, named = true, now }: Props) {
  const { id, repository, checkId, state, until, findings } = waiver
  return (
    <li id={`waiver-${id}`} className="grid gap-1.5 border-t border-hair px-4 py-3.5 first:border-t-0 sm:px-5">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <StateTag state={state} until={until} />
        {named && (
          <Link href={repositoryHref(repository)} className="font-medium underline-offset-3 hover:underline">
            <ForeignText text={repository} />
          </Link>
        )}
        {checkId !== null && (
          <Link
            href={`${repositoryHref(repository)}#${checkId}`}
            className="text-[0.8125rem] text-ink-2 underline-offset-3 hover:underline"
          >
            {titles.get(checkId) ?? checkId}
          </Link>
        )}
        <span className="text-[0.8125rem] text-ink-3">
          <ForeignText text={scopeWords(waiver)} />
          {state === 'granted' && (
            <>
              {' · '}
              <Link
                href={`${repositoryHref(repository)}${checkId === null ? '' : `#${checkId}`}`}
                className="underline-offset-3 hover:underline"
              >
                {findings.toLocaleString('en')} {findings === 1 ? 'finding' : 'findings'}
              </Link>{' '}
              now
            </>
          )}
        </span>
      </p>
      {waiver.scope === 'finding' && (
        <p className="text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
          <Words text={waiver.subject} />
        </p>
      )}
      <p className="max-w-[80ch] [overflow-wrap:anywhere]">
        “<ForeignText text={waiver.words} />” <span className="text-ink-3">{reasonTitle(waiver.reason)}</span>
      </p>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <details className="text-[0.8125rem] text-ink-3">
          <summary className="w-fit">
            asked by {waiver.askedName} <Moment at={waiver.askedAt} now={now} as="day" />
            {waiver.decidedAt && (
              <>
                {', decided by '}
                {waiver.decidedName} <Moment at={waiver.decidedAt} now={now} as="day" />
              </>
            )}
          </summary>
          <ol className="mt-1 grid gap-0.5">
            {waiver.events.map(event => (
              <li key={`${event.at.getTime()} ${event.what}`}>
                <Moment at={event.at} now={now} as="day" /> {event.what}
                {event.what === 'expired' ? '' : ` by ${event.name}`}
                {event.until && (
                  <>
                    {' until '}
                    <LastDay until={event.until} />
                  </>
                )}
                {event.words && (
                  <>
                    : <ForeignText text={event.words} />
                  </>
                )}
              </li>
            ))}
          </ol>
        </details>
        <Decide
          key={`${state} ${until.getTime()}`}
          waiver={{ id, state, askedBy: waiver.askedBy, subject: waiver.subject }}
          lastDay={lastDayOf(until)}
          waiving={waiving}
          decide={decide}
        />
      </div>
    </li>
  )
}
