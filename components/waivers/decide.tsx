'use client'

import { type FormEvent, useState } from 'react'
import type { WaiverAnswer, WaiverDecision, WaiverRow } from '#lib/api/waivers.ts'
import { soonOf } from './ask.tsx'
import { LastDayField, WhyField } from './fields.tsx'
import { useWish } from './saving.ts'
import type { Waiving } from './words.ts'

type Deed = WaiverDecision['deed']
type Props = {
  waiver: Pick<WaiverRow, 'id' | 'state' | 'askedBy' | 'subject'>
  /** The last day that was asked for, or up to which it is in force. */
  lastDay: string
  waiving: Waiving
  decide(decision: WaiverDecision): Promise<WaiverAnswer>
}

const WORDS: Record<Deed, { button: string; done: string }> = {
  grant: { button: 'Grant', done: 'granted' },
  refuse: { button: 'Refuse', done: 'refused' },
  renew: { button: 'Renew', done: 'renewed' },
  revoke: { button: 'Revoke', done: 'revoked' },
  withdraw: { button: 'Withdraw', done: 'withdrawn' },
}

/** What can be done about a waiver now. Shown as done at once, taken back where it is refused. */
export function Decide({ waiver, lastDay, waiving, decide }: Props) {
  const [deed, setDeed] = useState<Deed | null>(null)
  const { wish, wished, saving, refused } = useWish(decide)
  const deeds = deedsFor(waiver, waiving)
  if (deeds.length === 0) return null

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as { words?: string; lastDay?: string }
    if (deed !== null) wish({ words: '', lastDay, ...fields, deed, id: waiver.id })
  }
  if (wished) {
    return (
      <p role="status" className="text-[0.8125rem] text-ink-2">
        {WORDS[wished.deed].done}
        <span className="text-ink-3">{saving ? ' · saving …' : ' · saved'}</span>
      </p>
    )
  }
  return (
    <div className="grid min-w-0 gap-2 print:hidden">
      <span className="flex flex-wrap gap-2">
        {deeds.map(one => (
          <button
            key={one}
            type="button"
            aria-expanded={deed === one}
            aria-label={`${WORDS[one].button}: ${waiver.subject}`}
            className="control aria-expanded:border-brand"
            onClick={() => setDeed(deed === one ? null : one)}
          >
            {WORDS[one].button}
          </button>
        ))}
      </span>
      {refused && (
        <p role="alert" className="text-[0.8125rem] text-fail">
          It was not saved. {refused}
        </p>
      )}
      {deed !== null && (
        <form
          key={deed}
          onSubmit={onSubmit}
          className="grid max-w-md gap-2.5 rounded-lg border border-line bg-page p-3"
        >
          {(deed === 'grant' || deed === 'renew') && (
            <LastDayField
              first={waiving.today}
              latest={waiving.latest}
              value={deed === 'renew' || lastDay < waiving.today ? soonOf(waiving.today, waiving.latest) : lastDay}
            />
          )}
          {deed !== 'withdraw' && <WhyField required={deed !== 'grant'} />}
          <p>
            <button type="submit" className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page">
              {WORDS[deed].button} it
            </button>
          </p>
        </form>
      )}
    </div>
  )
}

function deedsFor({ state, askedBy }: Props['waiver'], { may, viewer }: Waiving): Deed[] {
  const own: Deed[] = state === 'asked' && may !== null && askedBy === viewer ? ['withdraw'] : []
  if (may !== 'decide') return own
  if (state === 'asked') return ['grant', 'refuse', ...own]
  if (state === 'granted') return ['renew', 'revoke']
  return state === 'expired' ? ['renew'] : []
}
