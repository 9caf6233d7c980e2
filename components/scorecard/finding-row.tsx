import { CodeExcerpt } from '#components/ui/code-excerpt.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { DiffView } from '#components/ui/diff-view.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Words } from '#components/ui/words.tsx'
import { AskWaiver } from '#components/waivers/ask.tsx'
import { WaiverNote } from '#components/waivers/waiver-note.tsx'
import type { WaiverDesk } from '#components/waivers/words.ts'
import { patchHref } from '#lib/api/patches.ts'
import type { OpenFinding } from '#lib/api/scorecard.ts'
import type { WaiverWithHistory } from '#lib/api/waivers.ts'
import { linesHref } from './places.ts'

type Place = { webUrl: string; org: string; name: string; commit: string }

type Props = {
  checkId: string
  finding: OpenFinding
  place: Place
  waivers: readonly WaiverWithHistory[]
  desk: WaiverDesk
  now: Date
}

/** One wrong place: the sentence, where it stands, the reader's own code, and the fix beside it. */
export function FindingRow({ checkId, finding, place, waivers, desk, now }: Props) {
  const { path, startLine, endLine, patch } = finding
  const waiver = waivers.find(({ id }) => id === finding.waiverId)
  const asked = waivers.filter(({ state, fingerprint }) => state === 'asked' && fingerprint === finding.fingerprint)
  const lines = endLine > startLine ? `${startLine}–${endLine}` : String(startLine)
  return (
    <article className="border-t border-hair px-4 py-3.5 sm:px-5">
      {[...(waiver ? [waiver] : []), ...asked].map(one => (
        <WaiverNote key={one.id} waiver={one} desk={desk} />
      ))}
      <p className={`font-medium [overflow-wrap:anywhere] ${waiver ? 'text-ink-2' : ''}`}>
        <Words text={finding.message} />
      </p>
      <p className="mt-0.5 mb-2 text-[0.8125rem] text-ink-3 [overflow-wrap:anywhere]">
        <a href={linesHref(place, finding)} rel="noreferrer" className="link font-mono text-[0.75rem]">
          <ForeignText text={`${path}:${lines}`} />
        </a>
        {finding.weight < 1 && ' · counts half'} · open since <Moment at={finding.firstSeen} now={now} as="day" />,{' '}
        <span className="font-mono text-[0.75rem]">{finding.firstCommit.slice(0, 7)}</span>
      </p>
      {finding.code.length > 0 && <CodeExcerpt lines={finding.code} label={`Lines ${lines} of ${path}`} />}
      {patch && (
        <div className="mt-2">
          <div className="mb-1.5 flex flex-wrap items-center justify-between gap-2 text-[0.8125rem]">
            <span>
              <Words text={patch.title} />
              <span className="text-ink-3">
                {patch.safety === 'safe' ? ' · safe to apply' : ' · look before you apply'}
              </span>
            </span>
            <span className="flex gap-2">
              <CopyButton text={patch.diff} label="Copy patch" />
              {desk.fixes && (
                <DownloadLink
                  href={patchHref(place.name, { check: checkId, finding: finding.fingerprint })}
                  label={`Download the patch for ${path}:${lines}`}
                >
                  .patch
                </DownloadLink>
              )}
            </span>
          </div>
          <DiffView diff={patch.diff} label={`Patch for ${path}`} />
        </div>
      )}
      {!waiver && asked.length === 0 && (
        <div className="mt-2">
          <AskWaiver
            repository={place.name}
            choices={[
              { label: 'only this finding', target: { scope: 'finding', checkId, fingerprint: finding.fingerprint } },
              { label: 'this check in some paths', target: { scope: 'path', checkId, path } },
            ]}
            about={`${path}:${lines}`}
            open="Waive …"
            waiving={desk.waiving}
            ask={desk.ask}
          />
        </div>
      )}
    </article>
  )
}
