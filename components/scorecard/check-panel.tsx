import Link from 'next/link'
import { Tag } from '#components/judgement/tag.tsx'
import { Words } from '#components/ui/words.tsx'
import type { JudgedCheck } from '#lib/api/scorecard.ts'
import { FindingRow } from './finding-row.tsx'
import { verdictOf } from './verdict.ts'

type Sheet = { title: string; rationale: string; remediation: string; severity: string }
type Props = {
  check: JudgedCheck
  sheet: Sheet
  place: { webUrl: string; org: string; name: string; commit: string }
  now: Date
}

/** One check: what it says, how it went, every wrong place with its evidence, and what to do. */
export function CheckPanel({ check, sheet, place, now }: Props) {
  const hidden = check.failing - check.findings.length
  return (
    <section id={check.id} aria-labelledby={`${check.id}-title`} className="panel min-w-0 scroll-mt-4">
      <div className="px-4 py-4 sm:px-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <h3 id={`${check.id}-title`} className="text-[1.0625rem] font-semibold tracking-tight">
            {sheet.title}
          </h3>
          <Tag outcome={check.outcome}>{verdictOf(check)}</Tag>
          <Link
            href={`/checks/${check.id}`}
            className="link ml-auto text-[0.8125rem]"
            aria-label={`Why, and how it is decided: ${sheet.title}`}
          >
            Why, and how it is decided
          </Link>
        </div>
        {check.outcome === 'fail' && (
          <>
            <p className="mt-2 max-w-[72ch] text-ink-2">
              <Words text={sheet.rationale} />
            </p>
            <p className="mt-2 max-w-[72ch]">
              <strong className="font-semibold">What to do. </strong>
              <Words text={sheet.remediation} />
            </p>
          </>
        )}
        {check.reason && (
          <p className="mt-2 max-w-[72ch] text-ink-2">
            <Words text={check.reason} />
          </p>
        )}
      </div>
      {check.findings.map(finding => (
        <FindingRow key={`${finding.fingerprint} ${finding.startLine}`} finding={finding} place={place} now={now} />
      ))}
      {hidden > 0 && (
        <p className="border-t border-hair px-5 py-3 text-[0.8125rem]">
          <Link href={`?all=${check.id}#${check.id}`} className="link" scroll={false}>
            Show the other {hidden.toLocaleString('en')}
          </Link>
        </p>
      )}
    </section>
  )
}
