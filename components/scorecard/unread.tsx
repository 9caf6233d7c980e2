import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Scorecard } from '#lib/api/scorecard.ts'

const SHOWN = 20

/** What the verdicts above do not cover: files that could not be read, and files left out by policy. */
export function Unread({ scan }: { scan: NonNullable<Scorecard['scan']> }) {
  const { couldNotRead, leftOut } = scan
  if (couldNotRead.length === 0 && leftOut.length === 0) return null
  return (
    <Panel title="Not looked at">
      <ul className="px-4 py-3 text-[0.8125rem] text-ink-2 sm:px-5">
        {leftOut.map(({ files, reason }) => (
          <li key={reason}>
            Left out: {files.toLocaleString('en')} {files === 1 ? 'file' : 'files'} in <ForeignText text={reason} />
          </li>
        ))}
        {couldNotRead.slice(0, SHOWN).map(({ path, reason }) => (
          <li key={`${path} ${reason}`} className="[overflow-wrap:anywhere]">
            {path !== null && (
              <code className="font-mono text-[0.75rem]">
                <ForeignText text={path} />
              </code>
            )}{' '}
            <ForeignText text={reason} />
          </li>
        ))}
        {couldNotRead.length > SHOWN && <li>and {(couldNotRead.length - SHOWN).toLocaleString('en')} more</li>}
      </ul>
    </Panel>
  )
}
