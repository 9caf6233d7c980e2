'use client'

import { useQuery } from '@tanstack/react-query'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { type Budget, type Crawling, crawlingOptions, type Lane } from '#lib/api/crawling.ts'
import { doneBy, isKept } from '#lib/api/crawls.ts'
import { costWords } from './words.ts'

const LANES: Record<Lane['lane'], { name: string; what: [one: string, many: string] }> = {
  interactive: { name: 'People who wait', what: ['look', 'looks'] },
  dirty: { name: 'Pushed to', what: ['repository', 'repositories'] },
  sweep: { name: 'Everything', what: ['repository', 'repositories'] },
  slow: { name: 'Settings of each repository', what: ['round', 'rounds'] },
}
const BUDGETS: Record<Budget['resource'], string> = { core: 'REST requests', graphql: 'GraphQL points' }

/**
 * What is under way, what GitHub still lets be asked, and who is next: as it is now, and kept so. `initial`: as the server
 * saw it. `minutes`: how often the worker looks.
 */
export function Now({ initial, minutes }: { initial: Crawling; minutes: number }) {
  const { data, isError } = useQuery({ ...crawlingOptions, initialData: initial })
  const now = new Date(data.at)
  return (
    <>
      <Panel title="Under way" aside={isError ? 'no answer; this may be old' : 'live'}>
        <div className="px-4 py-3 text-[0.8125rem] sm:px-5">
          <Forecast crawling={data} minutes={minutes} now={now} />
        </div>
        <dl className="grid gap-1 border-hair border-t px-4 py-3 text-[0.8125rem] sm:px-5">
          {data.lanes.map(({ lane, waiting, leaves }) => (
            <div key={lane} className="flex flex-wrap justify-between gap-x-4">
              <dt>{LANES[lane].name}</dt>
              <dd className={waiting > 0 ? 'font-medium' : 'text-ink-3'}>
                {waiting === 0
                  ? 'nothing waits'
                  : `${waiting.toLocaleString('en')} ${LANES[lane].what[waiting === 1 ? 0 : 1]}`}
              </dd>
              <dd className="w-full text-[0.75rem] text-ink-3">
                {leaves === 0 ? 'may use all that is left' : `leaves ${leaves * 100} % to those above`}
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title="Budget left" aside="of this hour">
        {data.budgets.length === 0 ? (
          <p className="px-4 py-3 text-[0.8125rem] text-ink-2 sm:px-5">GitHub has told of no limits yet.</p>
        ) : (
          <dl className="grid gap-3 px-4 py-3 text-[0.8125rem] sm:px-5">
            {data.budgets.map(budget => (
              <Left key={budget.resource} budget={budget} now={now} />
            ))}
          </dl>
        )}
      </Panel>
    </>
  )
}

/** How far the crawl is, what it cost so far, by when it will be done, and what it waits for. */
function Forecast({ crawling, minutes, now }: { crawling: Crawling; minutes: number; now: Date }) {
  const { run, budgets, quietSince } = crawling
  if (run === null || run.state !== 'running') return <NextLook failed={run?.state === 'failed'} minutes={minutes} />
  const told = budgets.flatMap(({ resource, resetAt, ...left }) =>
    resetAt ? [[resource, { ...left, resetAt }] as const] : [],
  )
  // The run's own budget is of its last booking; this is of now.
  const until = doneBy({ ...run, budget: Object.fromEntries(told) }, now)
  const paused = budgets.flatMap(({ pausedUntil }) => (pausedUntil === null ? [] : [pausedUntil])).sort()[0]
  const kept = run.done < run.total ? told.filter(([, left]) => isKept(left)) : []
  const isStuck = quietSince !== null && !paused && kept.length === 0
  const cost = costWords(run)
  return (
    <p>
      {run.total === 0
        ? 'Listing the repositories'
        : `${run.done.toLocaleString('en')} of ${run.total.toLocaleString('en')} repositories`}
      {until && !isStuck && (
        <>
          , done by <Moment at={until} now={now} as="clock" />
        </>
      )}
      {cost && <span className="block text-ink-2">{cost} so far</span>}
      {isStuck && (
        <span className="block text-fail">
          Nothing was read since <Moment at={new Date(quietSince)} now={now} as="clock" />. If the worker has stopped,
          start it again: it goes on from there. Else its log tells what it waits for.
        </span>
      )}
      {kept.map(([resource, left]) => (
        <span key={resource} className="block text-ink-2">
          What is left of the {BUDGETS[resource]} is kept for people who wait; the crawl gets more at{' '}
          <Moment at={new Date(left.resetAt)} now={now} as="clock" />.
        </span>
      ))}
      {paused && (
        <span className="block text-ink-2">
          GitHub asked for a pause until <Moment at={new Date(paused)} now={now} as="clock" />.
        </span>
      )}
    </p>
  )
}

function NextLook({ failed, minutes }: { failed: boolean; minutes: number }) {
  const time = minutes === 1 ? 'minute' : `${minutes.toLocaleString('en')} minutes`
  return (
    <p className="text-ink-2">
      No crawl runs.{' '}
      {failed
        ? `The last one failed: within ${minutes === 1 ? 'a ' : ''}${time} the worker tries again, and lists everything anew.`
        : `The worker looks for changes at least every ${time}.`}
    </p>
  )
}

function Left({ budget: { resource, limit, remaining, resetAt }, now }: { budget: Budget; now: Date }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt>{BUDGETS[resource]}</dt>
      <dd className="text-ink-2">
        {remaining.toLocaleString('en')} of {limit.toLocaleString('en')}
      </dd>
      {resetAt && (
        <dd className="w-full text-ink-3">
          full again at <Moment at={new Date(resetAt)} now={now} as="clock" />
        </dd>
      )}
      <dd aria-hidden="true" className="w-full">
        <svg aria-hidden="true" className="mt-1 block h-1.5 w-full overflow-hidden rounded-full bg-hair">
          <rect className="fill-brand" width={`${(remaining / Math.max(1, limit)) * 100}%`} height="100%" />
        </svg>
      </dd>
    </div>
  )
}
