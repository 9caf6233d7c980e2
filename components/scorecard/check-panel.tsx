import Link from 'next/link'
import { Tag } from '#components/judgement/tag.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Words } from '#components/ui/words.tsx'
import { AskWaiver } from '#components/waivers/ask.tsx'
import type { WaiverDesk } from '#components/waivers/words.ts'
import { patchHref } from '#lib/api/patches.ts'
import type { JudgedCheck } from '#lib/api/scorecard.ts'
import type { WaiverWithHistory } from '#lib/api/waivers.ts'
import { FindingRow } from './finding-row.tsx'
import { verdictOf } from './verdict.ts'

type Sheet = { title: string; rationale: string; remediation: string; severity: string }
type Props = {
  check: JudgedCheck
  sheet: Sheet
  place: { webUrl: string; org: string; name: string; commit: string }
  waivers: readonly WaiverWithHistory[]
  desk: WaiverDesk
  now: Date
}

/** One check: what it says, how it went, every wrong place with its evidence, and what to do. */
export function CheckPanel({ check, sheet, place, waivers, desk, now }: Props) {
  const hidden = check.failing + check.waived - check.findings.length
  const fixes = check.fixes.safe + check.fixes.review
  return (
    <section
      id={check.id}
      aria-labelledby={`${check.id}-title`}
      className="panel min-w-0 scroll-mt-4 target:border-brand"
    >
      <div className="px-4 py-4 sm:px-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <h3 id={`${check.id}-title`} className="text-[1.0625rem] font-semibold tracking-tight">
            {sheet.title}
          </h3>
          <Tag outcome={check.outcome}>{verdictOf(check)}</Tag>
          {check.weight === 0 && <span className="text-[0.8125rem] text-ink-3">by policy not in the score</span>}
          <span className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1">
            {desk.fixes && fixes > 0 && (
              <DownloadLink
                href={patchHref(place.name, { check: check.id })}
                label={`Download what fixes ${sheet.title} as .patch`}
              >
                {fixes === 1 ? 'Fix' : `${fixes} fixes`} as .patch
              </DownloadLink>
            )}
            <Link
              href={`/checks/${check.id}`}
              className="link text-[0.8125rem]"
              aria-label={`Why, and how it is decided: ${sheet.title}`}
            >
              Why, and how it is decided
            </Link>
          </span>
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
        {check.notes.map(note => (
          <p key={note} className="mt-2 max-w-[72ch] text-[0.8125rem] text-ink-2">
            <Words text={note} />
          </p>
        ))}
        {check.reason && (
          <p className="mt-2 max-w-[72ch] text-ink-2">
            <Words text={check.reason} />
          </p>
        )}
        {check.outcome === 'fail' && (
          <div className="mt-2.5">
            <AskWaiver
              repository={place.name}
              choices={[{ label: 'the whole check', target: { scope: 'check', checkId: check.id } }]}
              about={sheet.title}
              open="Waive the check …"
              waiving={desk.waiving}
              ask={desk.ask}
            />
          </div>
        )}
      </div>
      {check.findings.map(finding => (
        <FindingRow
          key={`${finding.fingerprint} ${finding.startLine}`}
          checkId={check.id}
          finding={finding}
          place={place}
          waivers={waivers}
          desk={desk}
          now={now}
        />
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
