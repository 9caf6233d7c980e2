'use client'

import { useEffect, useState } from 'react'

export const SELECTION_FORM = 'selection'

/** What can be done with the repositories that are ticked. A form of GET: it works without script, and so does going back. */
export function Selection() {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const look = () => setCount(boxes().filter(box => box.checked).length)
    look()
    document.addEventListener('change', look)
    return () => document.removeEventListener('change', look)
  }, [])
  function set(checked: boolean) {
    for (const box of boxes()) box.checked = checked
    setCount(checked ? boxes().length : 0)
  }
  return (
    <form
      id={SELECTION_FORM}
      action="/exports"
      className={`flex-wrap items-center gap-3 border-t border-hair bg-panel px-4 py-2.5 text-[0.8125rem] sm:px-5 print:hidden ${count > 0 ? 'sticky bottom-0 flex' : 'hidden'}`}
    >
      <span role="status">{count} picked</span>
      <button type="submit" className="control">
        Export these
      </button>
      <button type="button" className="link" onClick={() => set(true)}>
        Pick the whole page
      </button>
      <button type="button" className="link" onClick={() => set(false)}>
        Pick none
      </button>
    </form>
  )
}

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[form="${SELECTION_FORM}"][name="only"]`)]
}
