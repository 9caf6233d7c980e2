import Link from 'next/link'
import { GradeBadge } from '#components/judgement/grade.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { repositoryHref } from '#lib/api/repositories.ts'
import type { TimelineEntry } from '#lib/api/scorecard.ts'
import { commitHref } from './places.ts'

const SHOWN = 12

type Place = { webUrl: string; org: string; name: string }

/** The newest judgements of the repository: what came, what went, at which commit. */
export function Timeline({ entries, place, now }: { entries: readonly TimelineEntry[]; place: Place; now: Date }) {
  return (
    <Panel
      title="Scans"
      aside={
        <Link href={`${repositoryHref(place.name)}/changes`} className="link">
          what changed
        </Link>
      }
    >
      <ol>
        {entries.slice(0, SHOWN).map(entry => (
          <li key={entry.id} className="border-t border-hair px-4 py-2 text-[0.8125rem] first:border-t-0 sm:px-5">
            <span className="flex items-baseline gap-2">
              <Moment at={entry.at} now={now} as="day" />
              <a
                href={commitHref({ ...place, commit: entry.commit }, 'commit')}
                rel="noreferrer"
                className="link font-mono text-[0.75rem]"
              >
                {entry.commit.slice(0, 7)}
              </a>
              <span className="ml-auto font-medium">{scoreText(entry.score)}</span>
              <GradeBadge grade={entry.grade} />
            </span>
            <span className="flex flex-wrap gap-x-3 text-ink-3">
              {entry.fixed > 0 && <span className="text-pass">{entry.fixed} fixed</span>}
              {entry.opened > 0 && <span className="text-fail">{entry.opened} new</span>}
              {entry.fixed + entry.opened === 0 && <span>no finding came or went</span>}
              {entry.still > 0 && <span>{entry.still} still open</span>}
              {changeMarks(entry).map(mark => (
                <span key={mark}>{mark}</span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

/** What else than the code changed between two neighbouring scans. */
export function changeMarks({ checklistChanged, policyChanged, waived, waivedBefore }: TimelineEntry): string[] {
  const more = waived - (waivedBefore ?? 0)
  return [
    ...(more > 0 ? [`${more} more waived`] : []),
    ...(more < 0 ? [`${-more} waived no more`] : []),
    ...(checklistChanged ? ['the checklist changed here'] : []),
    ...(policyChanged ? ['the policy changed here'] : []),
  ]
}
