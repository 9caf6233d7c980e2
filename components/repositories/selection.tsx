'use client'

import { useEffect, useState } from 'react'
import { WaiveMany } from '#components/waivers/waive-many.tsx'
import type { Waiving } from '#components/waivers/words.ts'
import type { ManyAnswer, WaiverWishes } from '#lib/api/waivers.ts'
import type { Option } from './choice.tsx'

export const SELECTION_FORM = 'selection'

type Props = {
  checks: readonly Option[]
  check: string | undefined
  waiving: Waiving
  askMany(wishes: WaiverWishes): Promise<ManyAnswer>
}

/** What can be done with the repositories that are ticked. A form of GET: it works without script, and so does going back. */
export function Selection({ checks, check, waiving, askMany }: Props) {
  const [count, setCount] = useState(0)
  const [isWaiving, setWaiving] = useState(false)
  useEffect(() => {
    const look = () => setCount(picked().length)
    look()
    document.addEventListener('change', look)
    return () => document.removeEventListener('change', look)
  }, [])
  function set(checked: boolean) {
    for (const box of boxes()) box.checked = checked
    setCount(checked ? boxes().length : 0)
  }
  return (
    <div
      className={`max-h-[80vh] overflow-y-auto border-t border-hair bg-panel px-4 py-2.5 text-[0.8125rem] sm:px-5 print:hidden ${count > 0 ? 'sticky bottom-0' : 'hidden'}`}
    >
      <form id={SELECTION_FORM} action="/exports" className="flex flex-wrap items-center gap-3">
        <span role="status">{count} picked</span>
        <button type="submit" className="control">
          Export these
        </button>
        <button type="button" className="control" aria-expanded={isWaiving} onClick={() => setWaiving(!isWaiving)}>
          Waive …
        </button>
        <button type="button" className="link" onClick={() => set(true)}>
          Pick the whole page
        </button>
        <button type="button" className="link" onClick={() => set(false)}>
          Pick none
        </button>
      </form>
      {isWaiving && (
        <div className="mt-2.5">
          <WaiveMany picked={picked} checks={checks} check={check} waiving={waiving} askMany={askMany} />
        </div>
      )}
    </div>
  )
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[form="${SELECTION_FORM}"][name="only"]`)]
}

function picked(): string[] {
  return boxes().flatMap(box => (box.checked ? [box.value] : []))
}
