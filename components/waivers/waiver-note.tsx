import { ForeignText } from '#components/ui/foreign-text.tsx'
import { lastDayOf, type WaiverWithHistory } from '#lib/api/waivers.ts'
import { Decide } from './decide.tsx'
import { StateTag } from './state-tag.tsx'
import { reasonTitle, type WaiverDesk } from './words.ts'

/** At the finding that it covers: until when, why, who asked and who decided. */
export function WaiverNote({ waiver, desk }: { waiver: WaiverWithHistory; desk: WaiverDesk }) {
  const { id, state, until, words, reason, askedName, askedBy, decidedName, subject } = waiver
  return (
    <div className="mb-2 grid gap-1.5">
      <p className="text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
        <StateTag state={state} until={until} /> “<ForeignText text={words} />” {reasonTitle(reason)}: asked by{' '}
        <ForeignText text={askedName} />
        {state === 'granted' && decidedName !== null && (
          <>
            , granted by <ForeignText text={decidedName} />
          </>
        )}
        .
      </p>
      {state === 'asked' && (
        <Decide
          key={`${state} ${until.getTime()}`}
          waiver={{ id, state, askedBy, subject }}
          lastDay={lastDayOf(until)}
          waiving={desk.waiving}
          decide={desk.decide}
        />
      )}
    </div>
  )
}
