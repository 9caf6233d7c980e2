'use client'

import Link from 'next/link'
import { type FormEvent, useSyncExternalStore } from 'react'

type View = { name: string; href: string }

const KEY = 'plumbline-views'
const MOST = 30
const listeners = new Set<() => void>()

/** The reader's own names for lists, kept in this browser: a view is an address, which can be sent to others as well. */
export function SavedViews({ current }: { current: string }) {
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(KEY) ?? '[]',
    () => '[]',
  )
  const views = viewsIn(text)
  const known = views.find(view => view.href === current)
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim()
    if (name === '') return
    write([...views.filter(view => view.name !== name), { name, href: current }].slice(-MOST))
    event.currentTarget.reset()
  }
  return (
    <details name="list-tools" className="relative">
      <summary className="control list-none">{known ? known.name : 'Views'}</summary>
      <div className="panel absolute right-0 z-10 mt-1 w-64 p-2 text-[0.8125rem] shadow-lg max-sm:left-0">
        <ul>
          {views.map(view => (
            <li key={view.name} className="flex items-center gap-1">
              <Link
                href={view.href}
                aria-current={view.href === current ? 'true' : undefined}
                className="min-w-0 flex-1 truncate rounded px-2 py-1 hover:bg-hair"
              >
                {view.name}
              </Link>
              <button
                type="button"
                aria-label={`Forget the view ${view.name}`}
                className="rounded px-2 py-1 text-ink-3 hover:bg-hair"
                onClick={() => write(views.filter(other => other !== view))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        <form onSubmit={save} className="mt-1 flex gap-1.5">
          <input
            name="name"
            maxLength={60}
            required
            aria-label="Name of this view"
            placeholder="Name this list"
            autoComplete="off"
            className="h-7 min-w-0 flex-1 rounded-md border border-line bg-page px-2"
          />
          <button type="submit" className="control">
            Keep
          </button>
        </form>
      </div>
    </details>
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

function write(views: readonly View[]): void {
  localStorage.setItem(KEY, JSON.stringify(views))
  for (const listener of listeners) listener()
}

/** What another version of the page, or another program, may have left there is no view. */
function viewsIn(text: string): View[] {
  try {
    const parsed: unknown = JSON.parse(text)
    if (!Array.isArray(parsed)) return []
    return parsed.filter(
      (view): view is View =>
        typeof view?.name === 'string' && typeof view?.href === 'string' && /^\/repositories(\?|$)/.test(view.href),
    )
  } catch {
    return []
  }
}
