import type { WaiverState } from '#lib/api/waivers.ts'
import { LastDay } from './last-day.tsx'
import { STATES } from './words.ts'

/** The state in a word; in force with its last day. */
export function StateTag({ state, until }: { state: WaiverState; until: Date }) {
  const { word, sign, look } = STATES[state]
  return (
    <span className={`inline-block rounded-[5px] px-2 py-0.5 text-[0.75rem] font-medium whitespace-nowrap ${look}`}>
      <span aria-hidden="true">{sign} </span>
      {word}
      {(state === 'granted' || state === 'asked') && (
        <>
          {' until '}
          <LastDay until={until} />
        </>
      )}
    </span>
  )
}
