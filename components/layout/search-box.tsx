'use client'

import { useEffect, useRef } from 'react'

/** A plain form, so that it works before the page's script does; "/" puts the cursor in it. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    function focusOnSlash(event: KeyboardEvent) {
      const typing =
        event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]')
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', focusOnSlash)
    return () => document.removeEventListener('keydown', focusOnSlash)
  }, [])
  return (
    <search className="w-full sm:w-64">
      <form action="/repositories" className="relative">
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Find a repository"
          aria-keyshortcuts="/"
          placeholder="Find a repository"
          autoComplete="off"
          className="w-full rounded-lg border border-line bg-panel py-1.5 pr-8 pl-3 text-[0.8125rem] placeholder:text-ink-3"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded border border-line px-1.5 font-mono text-[0.6875rem] text-ink-3"
        >
          /
        </span>
      </form>
    </search>
  )
}
