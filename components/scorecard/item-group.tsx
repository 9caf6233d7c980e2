import Link from 'next/link'
import { Mark } from '#components/judgement/mark.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { OUTCOMES } from '#components/judgement/words.ts'
import { Words } from '#components/ui/words.tsx'
import type { WaiverDesk } from '#components/waivers/words.ts'
import type { JudgedCheck } from '#lib/api/scorecard.ts'
import type { WaiverWithHistory } from '#lib/api/waivers.ts'
import type { ScoredItem } from '#lib/scan.ts'
import { CheckPanel } from './check-panel.tsx'
import { verdictOf } from './verdict.ts'

type Sheet = { title: string; rationale: string; remediation: string; severity: string }
export type Judged = { sheet: Sheet; check: JudgedCheck }
type Props = {
  id: string
  title: string
  scored: ScoredItem | undefined
  own: readonly Judged[]
  place: { webUrl: string; org: string; name: string; commit: string }
  waivers: readonly WaiverWithHistory[]
  desk: WaiverDesk
  now: Date
}

/** An item or section: what is wrong or waived at length, what is right or not concerned in a line each. */
export function ItemGroup({ id, title, scored, own, place, waivers, desk, now }: Props) {
  const isWrong = ({ check }: Judged) => check.outcome === 'fail' || check.outcome === 'waived'
  const wrong = own.filter(isWrong)
  const rest = own.filter(judged => !isWrong(judged))
  return (
    <section id={id} aria-label={title} className="grid min-w-0 scroll-mt-4 gap-3">
      <h2 className="flex items-baseline justify-between gap-4 text-[0.9375rem] font-semibold">
        {title}
        {scored?.value != null && (
          <span className="text-[0.8125rem] font-normal text-ink-3">{scoreText(scored.value * 100)} of 100</span>
        )}
      </h2>
      {wrong.map(({ sheet, check }) => (
        <CheckPanel key={check.id} check={check} sheet={sheet} place={place} waivers={waivers} desk={desk} now={now} />
      ))}
      {rest.length > 0 && (
        <ul className="panel">
          {rest.map(judged => (
            <Row key={judged.check.id} {...judged} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Row({ sheet, check }: Judged) {
  return (
    <li
      id={check.id}
      className="grid scroll-mt-4 grid-cols-[1.125rem_minmax(0,1fr)_auto] items-start gap-x-3 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5"
    >
      <span className="mt-0.5">
        <Mark outcome={check.outcome} />
      </span>
      <span>
        <h3 className="inline font-medium">
          <Link href={`/checks/${check.id}`} className="underline-offset-3 hover:underline">
            {sheet.title}
          </Link>
        </h3>
        {[...(check.reason ? [check.reason] : []), ...check.notes].map(words => (
          <span key={words} className="block max-w-[72ch] text-[0.8125rem] text-ink-2">
            <Words text={words} />
          </span>
        ))}
      </span>
      <span className={`text-right text-[0.8125rem] ${OUTCOMES[check.outcome].ink}`}>{verdictOf(check)}</span>
    </li>
  )
}
