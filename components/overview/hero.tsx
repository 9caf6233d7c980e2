import Link from 'next/link'
import { TrendLine } from '#components/charts/trend-line.tsx'
import { BigScore, scoreText } from '#components/judgement/score.tsx'
import { Change } from '#components/ui/change.tsx'
import { Moment } from '#components/ui/moment.tsx'
import type { Overview } from '#lib/api/overview.ts'
import { changedSince, repositoriesHref } from '#lib/api/repositories.ts'
import { gradeOf } from '#lib/score/score.ts'

/** The organisation in one number, where it comes from, and how it got there. */
export function Hero({ overview, since, now }: { overview: Overview; since: Date; now: Date }) {
  const { score, scoreBefore, hardening, allMet, allMetBefore, repositories, trend } = overview
  const change = score === null || scoreBefore === null ? null : score - scoreBefore
  const more = allMet - allMetBefore
  return (
    <section aria-labelledby="score" className="panel flex min-w-0 flex-col gap-3.5 px-5 py-5">
      <h2 id="score" className="text-[0.875rem] font-semibold">
        Minimum-viable score
      </h2>
      <BigScore score={score} grade={score === null ? null : gradeOf(score)}>
        {change !== null && (
          <span className="leading-tight">
            <span className="text-[0.9375rem] font-semibold">
              <Link href={repositoriesHref(changedSince(since, now))} className="underline-offset-3 hover:underline">
                <Change value={change} />
              </Link>
            </span>
            <br />
            <span className="text-[0.8125rem] text-ink-2">
              since <Moment at={since} now={now} as="day" />, from {scoreText(scoreBefore)}
            </span>
          </span>
        )}
      </BigScore>
      <Trend trend={trend} changes={overview.changes} now={now} />
      <p className="text-[0.8125rem] text-ink-2">
        {score === null ? (
          'A score appears when the first repository has been judged.'
        ) : (
          <>
            <Link href={repositoriesHref({ met: 'all' })} className="underline underline-offset-3">
              {allMet.toLocaleString('en')}
            </Link>{' '}
            of{' '}
            <Link href={repositoriesHref({})} className="underline underline-offset-3">
              {repositories.toLocaleString('en')} repositories
            </Link>{' '}
            meet every item that applies to them
            {more !== 0 && `, ${Math.abs(more).toLocaleString('en')} ${more > 0 ? 'more' : 'fewer'} than then`}.{' '}
            {hardening !== null && (
              <>
                Hardening score{' '}
                <Link
                  href={repositoriesHref({ sort: 'hardening', order: 'desc' })}
                  className="underline underline-offset-3"
                >
                  {scoreText(hardening)}
                </Link>
                .
              </>
            )}
          </>
        )}
      </p>
    </section>
  )
}

function Trend({ trend, changes, now }: { trend: Overview['trend']; changes: Overview['changes']; now: Date }) {
  const known = trend.flatMap(({ at, score, repositories }) => (score === null ? [] : [{ at, score, repositories }]))
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined || known.length < 2) return null
  const markers = changes.map(({ at, what }) => ({ at, label: `${what} changed` }))
  const label = `The score over twelve months: ${scoreText(first.score)} at first, ${scoreText(last.score)} now`
  return (
    <div>
      <TrendLine points={trend.map(({ at, score }) => ({ at, value: score }))} markers={markers} label={label} />
      <Link href="/trends" className="link float-right mt-1 text-[0.8125rem]">
        All trends
      </Link>
      <details className="mt-1 text-[0.8125rem]">
        <summary className="w-fit text-ink-3">Twelve months as numbers</summary>
        <div className="mt-2 max-h-56 overflow-y-auto">
          <table className="w-full">
            <thead className="text-left text-[0.75rem] text-ink-3">
              <tr>
                <th className="font-medium">Week to</th>
                <th className="text-right font-medium">Score</th>
                <th className="text-right font-medium">Repositories judged</th>
              </tr>
            </thead>
            <tbody>
              {known.toReversed().map(({ at, score, repositories }) => (
                <tr key={at.getTime()} className="border-t border-hair">
                  <th scope="row" className="py-1 text-left font-normal">
                    <Moment at={at} now={now} as="day" />
                  </th>
                  <td className="text-right">{score.toFixed(1)}</td>
                  <td className="text-right">{repositories}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  )
}
