'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'

type Going = () => void

/** Who asks before the page is left; null: nothing would be lost. */
let ask: ((go: Going) => void) | null = null

/** For what leads to another page and is no link: goes there, or lets the reader say so first. */
export function leave(go: Going): void {
  if (ask === null) go()
  else ask(go)
}

/**
 * Asks before the page is left while `active`: by a link, by the palette or by going back in a dialog of its own, and
 * where the browser closes or loads another page by the browser's. `lost`: what would be lost, as a sentence.
 */
export function LeaveGuard({ active, lost }: { active: boolean; lost: string }) {
  const router = useRouter()
  const dialog = useRef<HTMLDialogElement>(null)
  const [going, setGoing] = useState<Going | null>(null)
  useEffect(() => {
    if (!active) return
    const heard = new AbortController()
    const { signal } = heard
    let isLeaving = false
    ask = go => setGoing(() => go)
    window.addEventListener('beforeunload', event => event.preventDefault(), { signal })
    // Before the link hears of it.
    const onClick = (event: MouseEvent) => {
      const href = elsewhere(event)
      if (href === null) return
      event.preventDefault()
      event.stopPropagation()
      leave(() => router.push(href))
    }
    window.addEventListener('click', onClick, { signal, capture: true })
    const onNavigate = (event: NavigateEvent) => {
      if (event.navigationType !== 'traverse' || !event.cancelable || isLeaving) return
      event.preventDefault()
      const { key } = event.destination
      leave(() => {
        isLeaving = true
        window.navigation.traverseTo(key)
      })
    }
    // Not every browser asks before it goes back.
    if ('navigation' in window) window.navigation.addEventListener('navigate', onNavigate, { signal })
    return () => {
      heard.abort()
      ask = null
    }
  }, [active, router])
  useEffect(() => {
    if (going !== null) dialog.current?.showModal()
  }, [going])
  if (going === null) return null
  return (
    <dialog
      ref={dialog}
      onClose={() => setGoing(null)}
      aria-labelledby="leaving"
      className="panel m-auto w-[min(26rem,calc(100vw-2rem))] px-5 py-4 text-ink shadow-xl backdrop:bg-black/40"
    >
      <h2 id="leaving" className="font-semibold">
        Leave without saving?
      </h2>
      <p className="mt-1 text-ink-2">{lost}</p>
      <p className="mt-4 flex flex-wrap justify-end gap-2">
        <button type="button" className="control" onClick={() => dialog.current?.close()}>
          Stay here
        </button>
        <button
          type="button"
          className="control text-fail"
          onClick={() => {
            setGoing(null)
            going()
          }}
        >
          Leave without saving
        </button>
      </p>
    </dialog>
  )
}

/** Where a click leads within this tab, as a path of ours; null where that is this very page, or for the browser to do. */
function elsewhere(event: MouseEvent): string | null {
  const { target, button, altKey, ctrlKey, metaKey, shiftKey } = event
  const link = target instanceof Element ? target.closest('a') : null
  if (!link?.href || link.target || link.hasAttribute('download')) return null
  if (button !== 0 || altKey || ctrlKey || metaKey || shiftKey) return null
  const to = new URL(link.href)
  const { origin, pathname, search } = window.location
  if (to.origin !== origin || (to.pathname === pathname && to.search === search)) return null
  return to.pathname + to.search + to.hash
}
