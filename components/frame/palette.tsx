'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import type { Place } from './palette-dialog.tsx'

// Few open it at all: its script comes when somebody does.
const Dialog = dynamic(() => import('./palette-dialog.tsx'), { ssr: false })

/** The way to any place by its name: ⌘K, Ctrl K or the button. `places` are those that the viewer may go to. */
export function Palette({ places }: { places: readonly Place[] }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    function openOnKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || event.shiftKey || event.altKey || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', openOnKey)
    return () => document.removeEventListener('keydown', openOnKey)
  }, [])
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-keyshortcuts="Meta+K Control+K"
        className="control py-1.5 text-[0.8125rem] text-ink-2"
      >
        Go to…
        <span aria-hidden="true" className="ml-2 font-mono text-[0.6875rem] text-ink-3">
          ⌘K
        </span>
      </button>
      {open && <Dialog places={places} close={() => setOpen(false)} />}
    </>
  )
}
