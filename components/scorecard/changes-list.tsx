import Link from 'next/link'
import { GradeBadge } from '#components/judgement/grade.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Words } from '#components/ui/words.tsx'
import type { Change, ChangedEntry, Changes } from '#lib/api/scorecard.ts'
import { commitHref, linesHref } from './places.ts'
import { changeMarks } from './timeline.tsx'

type Place = { webUrl: string; org: string; name: string }
type Props = { changes: Changes; place: Place; titles: ReadonlyMap<string, string>; now: Date }

/** Scan by scan, newest first: the findings that came, those that went, and how many stayed. */
export function ChangesList({ changes, place, titles, now }: Props) {
  const last = changes.entries.at(-1)
  if (last === undefined) {
    return (
      <section className="panel">
        <Empty title="It has not been judged yet" />
      </section>
    )
  }
  return (
    <>
      <ol className="grid gap-4">
        {changes.entries.map(entry => (
          <li key={entry.id} className="panel">
            <Scan entry={entry} place={place} titles={titles} now={now} />
          </li>
        ))}
      </ol>
      {changes.more && (
        <p className="mt-4">
          <Link href={`?before=${last.at.toISOString()}`} className="control">
            Earlier scans
          </Link>
        </p>
      )}
    </>
  )
}

function Scan({ entry, place, titles, now }: { entry: ChangedEntry } & Omit<Props, 'changes'>) {
  const at = { ...place, commit: entry.commit }
  return (
    <>
      <h2 className="flex flex-wrap items-baseline gap-x-3 px-4 py-3 text-[0.875rem] font-semibold sm:px-5">
        <Moment at={entry.at} now={now} as="day" />
        <a href={commitHref(at, 'commit')} rel="noreferrer" className="link font-mono text-[0.75rem] font-normal">
          {entry.commit.slice(0, 7)}
        </a>
        <span className="text-[0.8125rem] font-normal text-ink-2">
          {entry.fixed} fixed · {entry.opened} new · {entry.still} still open
        </span>
        <span className="ml-auto flex items-baseline gap-2">
          {scoreText(entry.score)} <GradeBadge grade={entry.grade} />
        </span>
      </h2>
      {changeMarks(entry).map(mark => (
        <p key={mark} className="border-t border-hair px-4 py-2 text-[0.8125rem] text-ink-2 sm:px-5">
          {capitalised(mark)}
          {mark.endsWith('changed here') ? ': what is examined may differ from the scan before.' : '.'}
        </p>
      ))}
      <Findings kind="fixed" total={entry.fixed} changes={entry.fixedHere} place={at} titles={titles} />
      <Findings kind="new" total={entry.opened} changes={entry.openedHere} place={at} titles={titles} />
    </>
  )
}

function Findings({
  kind,
  total,
  changes,
  place,
  titles,
}: {
  kind: 'fixed' | 'new'
  total: number
  changes: readonly Change[]
  place: Place & { commit: string }
  titles: ReadonlyMap<string, string>
}) {
  const byCheck = Map.groupBy(changes, change => change.checkId)
  return [...byCheck].map(([checkId, own]) => (
    <div key={checkId} className="border-t border-hair px-4 py-2.5 text-[0.8125rem] sm:px-5">
      <p className="font-medium">
        <span className={kind === 'fixed' ? 'text-pass' : 'text-fail'}>{kind === 'fixed' ? '✓ Fixed' : '✕ New'}</span>{' '}
        {titles.get(checkId) ?? checkId}
      </p>
      <ul>
        {own.map(change => (
          <li key={change.fingerprint} className="text-ink-2 [overflow-wrap:anywhere]">
            {kind === 'new' ? (
              <a
                href={linesHref(place, { ...change, endLine: change.startLine })}
                rel="noreferrer"
                className="link font-mono text-[0.75rem]"
              >
                <ForeignText text={`${change.path}:${change.startLine}`} />
              </a>
            ) : (
              <span className="font-mono text-[0.75rem]">
                <ForeignText text={change.path} />
              </span>
            )}{' '}
            <Words text={change.message} />
          </li>
        ))}
      </ul>
      {total > changes.length && (
        <p className="text-ink-3">
          the first {changes.length} of {total}
        </p>
      )}
    </div>
  ))
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
