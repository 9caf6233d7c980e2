'use client'

import { type FormEvent, useState } from 'react'
import type { WaiverAnswer, WaiverTarget, WaiverWish } from '#lib/api/waivers.ts'
import { FIELD, LABEL, LastDayField, ReasonField, WhyField } from './fields.tsx'
import { useWish } from './saving.ts'
import type { Waiving } from './words.ts'

export type TargetChoice = { label: string; target: WaiverTarget }
type Props = {
  repository: string
  /** What can be waived from here, the likeliest first. */
  choices: readonly TargetChoice[]
  /** For those who hear the button alone. */
  about: string
  open: string
  waiving: Waiving
  ask(wish: WaiverWish): Promise<WaiverAnswer>
}

/** "Waive…": asks for a waiver, or grants it where the visitor may. Shown as done at once, taken back where it is refused. */
export function AskWaiver({ repository, choices, about, open, waiving, ask }: Props) {
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState(0)
  const { wish, wished, saving, refused } = useWish(ask)
  const { may, whyNot, latest, today } = waiving
  const target = choices[chosen]?.target

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (target === undefined) return
    const { words, reason, lastDay, path } = Object.fromEntries(new FormData(event.currentTarget)) as Record<
      string,
      string
    >
    const own = target.scope === 'path' ? { ...target, path: path ?? target.path } : target
    wish({
      repository,
      target: own,
      reason: reason as WaiverWish['reason'],
      words: words ?? '',
      lastDay: lastDay ?? '',
    })
  }

  return (
    <div className="min-w-0 print:hidden">
      {wished ? (
        <p role="status" className="text-[0.8125rem] text-waived">
          {may === 'decide' ? `~ waived until ${wished.lastDay}` : `? asked for until ${wished.lastDay}`}
          <span className="text-ink-3">{saving ? ' · saving …' : ' · saved'}</span>
        </p>
      ) : (
        <button
          type="button"
          className="control"
          aria-expanded={isOpen}
          aria-label={`${open}: ${about}`}
          onClick={() => setOpen(!isOpen)}
        >
          {open}
        </button>
      )}
      {/* Hidden rather than gone while it is saved, so that nothing typed is lost where it is refused. */}
      {isOpen && (
        <form
          hidden={wished !== undefined}
          onSubmit={onSubmit}
          aria-label={`Waive ${about}`}
          className="mt-2 rounded-lg border border-line bg-page p-3"
        >
          {refused && (
            <p role="alert" className="mb-2 text-[0.8125rem] text-fail">
              It was not saved. {refused}
            </p>
          )}
          {may === null && <p className="mb-2 text-[0.8125rem] text-ink-2">{whyNot}</p>}
          <fieldset disabled={may === null || saving} className="grid gap-2.5">
            <div className="grid gap-2.5 sm:grid-cols-2">
              {choices.length > 1 && (
                <label className={LABEL}>
                  What
                  <select
                    value={chosen}
                    onChange={event => setChosen(Number(event.target.value))}
                    className={`${FIELD} h-8`}
                  >
                    {choices.map(({ label }, index) => (
                      <option key={label} value={index}>
                        {label}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              <ReasonField />
              {target?.scope === 'path' && (
                <label className={LABEL}>
                  Paths: * within a folder, ** across folders
                  <input
                    name="path"
                    required
                    maxLength={500}
                    defaultValue={target.path}
                    className={`${FIELD} h-8 font-mono`}
                  />
                </label>
              )}
              <LastDayField first={today} latest={latest} value={soonOf(today, latest)} />
            </div>
            <WhyField required />
            <p className="flex flex-wrap items-center gap-2">
              <button
                type="submit"
                className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page disabled:cursor-not-allowed disabled:bg-hair disabled:text-ink-3"
              >
                {may === 'decide' ? 'Waive it' : 'Ask for the waiver'}
              </button>
              <button type="button" className="control" onClick={() => setOpen(false)}>
                Close
              </button>
            </p>
          </fieldset>
        </form>
      )}
    </div>
  )
}

const SOON_DAYS = 90

/** Three months from now, or as long as the policy lets it. */
export function soonOf(today: string, latest: string): string {
  const soon = new Date(Date.parse(today) + SOON_DAYS * 86_400_000).toISOString().slice(0, 10)
  return soon < latest ? soon : latest
}
