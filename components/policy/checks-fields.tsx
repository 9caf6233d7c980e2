'use client'

import { useRef, useState } from 'react'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import type { DraftPath, DraftValue } from '#lib/policy/draft.ts'
import { SEVERITIES } from '#lib/policy/schema.ts'
import { idOf, isBelow, type PolicyFacts, saidAt, useDrafting } from './drafting.tsx'
import { ChoiceField, NumberField, Reset } from './fields.tsx'

const PARTS = [
  ...ITEMS.map(({ id, number, title }) => ({ id: id as string, title: `${number} · ${title}` })),
  ...SECTIONS.map(({ id, title }) => ({ id: id as string, title: `Hardening: ${title.toLowerCase()}` })),
]
const ROW =
  'grid grid-cols-[1.5rem_minmax(0,1fr)] items-start gap-x-3 sm:grid-cols-[1.5rem_minmax(0,1fr)_3.5rem_10rem_3.75rem]'
/** A group says no severity: a check is as severe for all. */
const ROW_OF_GROUP =
  'grid grid-cols-[1.5rem_minmax(0,1fr)] items-start gap-x-3 sm:grid-cols-[1.5rem_minmax(0,1fr)_3.5rem_3.75rem]'

/** Every check in a row, by item and section: whether it counts, how much, and how severe it is said to be. */
export function ChecksFields({ base }: { base: DraftPath }) {
  const { facts, value, problems } = useDrafting()
  const [wanted, setWanted] = useState('')
  const [onlySet, setOnlySet] = useState(false)
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = facts.checks.filter(({ id, title, item }) => {
    const path = [...base, 'checks', id]
    if (problems.some(problem => isBelow(problem.path, path))) return true
    if (onlySet && saidAt(value, path) === undefined) return false
    const text = `${id} ${title} ${PARTS.find(part => part.id === item)?.title}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
  const ofGroup = base.length > 0
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3 sm:px-5">
        <input
          type="search"
          aria-label="Find a check"
          placeholder="Find a check"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          className="h-8 w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] placeholder:text-ink-3 sm:w-64"
        />
        <label className="flex min-h-6 items-center gap-2 text-[0.8125rem] text-ink-2">
          <input
            type="checkbox"
            checked={onlySet}
            onChange={({ target }) => setOnlySet(target.checked)}
            className="size-4 accent-brand"
          />
          Only what is set here
        </label>
        <span role="status" className="text-[0.75rem] text-ink-3">
          {shown.length} of {facts.checks.length}
        </span>
      </div>
      <div
        aria-hidden="true"
        className={`${ofGroup ? ROW_OF_GROUP : ROW} px-4 pt-3 pb-1 text-[0.75rem] text-ink-3 max-sm:hidden sm:px-5`}
      >
        <span className="col-span-2">Counts</span>
        <span className="text-right">Weight</span>
        {!ofGroup && <span>Severity</span>}
      </div>
      {shown.length === 0 && (
        <p className="px-4 py-6 text-center text-[0.8125rem] text-ink-2">
          {words.length > 0 ? 'No check is called so.' : 'No check is set here: all are as by default.'}
        </p>
      )}
      {PARTS.map(({ id, title }) => {
        const own = shown.filter(({ item }) => item === id)
        if (own.length === 0) return null
        return (
          <div key={id} className="border-t border-hair py-1.5">
            <p id={idOf([...base, 'part', id])} className="px-4 py-1 text-[0.75rem] font-medium text-ink-2 sm:px-5">
              {title}
            </p>
            <ul aria-labelledby={idOf([...base, 'part', id])}>
              {own.map(check => (
                <CheckRow key={check.id} base={base} check={check} />
              ))}
            </ul>
          </div>
        )
      })}
    </>
  )
}

function CheckRow({ base, check }: { base: DraftPath; check: PolicyFacts['checks'][number] }) {
  const { value, change } = useDrafting()
  const { id, title, severity } = check
  const path = [...base, 'checks', id]
  const ofGroup = base.length > 0
  const own = saidAt(value, [...path, 'weight'])
  const below = ofGroup ? (saidAt(value, ['checks', id, 'weight']) ?? 1) : 1
  const counts = (own ?? below) !== 0
  // Switched off and on again it weighs what it did.
  const before = useRef<DraftValue | undefined>(undefined)
  function turn(on: boolean) {
    if (!on) before.current = own as DraftValue | undefined
    const back = before.current === 0 ? undefined : before.current
    change([...path, 'weight'], on ? (back ?? (below === 0 ? 1 : undefined)) : 0)
  }
  return (
    <li className={`${ofGroup ? ROW_OF_GROUP : ROW} px-4 py-1 hover:bg-hair/50 sm:px-5`}>
      <span className="flex h-8 items-center justify-center">
        <input
          type="checkbox"
          id={`${idOf(path)}-counts`}
          aria-label={`${title} counts`}
          checked={counts}
          onChange={({ target }) => turn(target.checked)}
          className="size-4 scroll-mb-28 accent-brand"
        />
      </span>
      <label
        htmlFor={`${idOf(path)}-counts`}
        title={id}
        className={`min-w-0 py-1.5 text-[0.8125rem] leading-snug ${counts ? '' : 'text-ink-3'}`}
      >
        {title}
      </label>
      <span className="contents max-sm:col-start-2 max-sm:flex max-sm:flex-wrap max-sm:items-start max-sm:gap-2 max-sm:pb-1.5">
        <NumberField path={[...path, 'weight']} label={`Weight of ${title}`} otherwise={Number(below)} />
        {!ofGroup && (
          <ChoiceField
            path={[...path, 'severity']}
            label={`Severity of ${title}`}
            options={SEVERITIES.filter(one => one !== severity).map(one => [one, one] as const)}
            otherwise={`${severity} (default)`}
          />
        )}
        <span className="flex h-8 items-center justify-self-end">
          <Reset path={path} label={title} />
        </span>
      </span>
    </li>
  )
}
