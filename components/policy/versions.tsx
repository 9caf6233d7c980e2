import Link from 'next/link'
import { DiffView } from '#components/ui/diff-view.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { PolicyVersionRow } from '#lib/api/policy.ts'

export type VersionWithDiff = PolicyVersionRow & { diff: string }
type Props = { versions: readonly VersionWithDiff[]; mayChange: boolean; now: Date }

/** Who changed what, when and why, newest first; an earlier one can be taken up again. */
export function Versions({ versions, mayChange, now }: Props) {
  return (
    <Panel title="Versions">
      {versions.length === 0 ? (
        <Empty title="Nobody has changed it">The defaults are in force.</Empty>
      ) : (
        <ol>
          {versions.map(({ number, savedName, savedAt, note, moved, diff }, index) => (
            <li key={number} className="border-t border-hair px-4 py-3 text-[0.8125rem] first:border-t-0 sm:px-5">
              <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                <span className="font-medium">Version {number}</span>
                <span className="text-ink-2">
                  <ForeignText text={savedName} />, <Moment at={savedAt} now={now} as="day" /> · {moved}{' '}
                  {moved === 1 ? 'repository' : 'repositories'} moved
                </span>
                <span className="ml-auto flex flex-wrap gap-2">
                  {index > 0 && mayChange && (
                    <Link href={`/policy/change?from=${number}`} className="control">
                      Use it again
                    </Link>
                  )}
                  <DownloadLink href={`/api/policy?version=${number}`} label={`Version ${number} as YAML`}>
                    YAML
                  </DownloadLink>
                </span>
              </p>
              {note && (
                <p className="mt-0.5 [overflow-wrap:anywhere]">
                  “<ForeignText text={note} />”
                </p>
              )}
              {diff && (
                <details className="mt-1">
                  <summary className="w-fit text-ink-3">What it changed</summary>
                  <div className="mt-1.5">
                    <DiffView diff={diff} label={`What version ${number} changed`} />
                  </div>
                </details>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}
