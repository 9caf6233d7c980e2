import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'

/** What was found when this installation last compared its own files with its build. `wrong`: a line each. */
export type OwnFilesState = {
  state: 'whole' | 'changed' | 'absent'
  files: number
  signed: boolean
  wrong: string[]
  at: Date
}

/** Whether Plumbline itself is what was built: who changes the judge needs to change no repository. */
export function OwnFiles({ found, now }: { found: OwnFilesState; now: Date }) {
  const { state, files, signed, wrong, at } = found
  return (
    <Panel title="This installation" aside={<Moment at={at} now={now} />}>
      <div className="px-4 py-2 text-[0.8125rem] sm:px-5">
        {state === 'whole' && (
          <p>
            <span className="text-pass" aria-hidden="true">
              ✓
            </span>{' '}
            {files.toLocaleString('en')} files are those of the build{signed ? ', by a manifest that is signed' : ''}.
          </p>
        )}
        {state === 'absent' && (
          <p className="text-ink-2">It runs from its sources; there is no build to compare with.</p>
        )}
        {state === 'changed' && (
          <>
            <p className="text-fail">
              <span aria-hidden="true">✗</span> Files are not those of the build. Find out who changed them, and build
              again.
            </p>
            <ul className="mt-1 max-h-64 overflow-y-auto font-mono text-[0.75rem] [overflow-wrap:anywhere]">
              {wrong.map(line => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  )
}
