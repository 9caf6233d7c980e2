'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { leave } from '#components/ui/leaving.tsx'
import { repositoryHref } from '#lib/api/repositories.ts'
import { namesOptions } from '#lib/api/v1/names.ts'

export type Place = { href: string; label: string; kind: 'Page' | 'Check' | 'Repository' }

const SHOWN = 8

/** A list that narrows while one types: places by any part of their name, repositories as the server finds them. */
export default function PaletteDialog({ places, close }: { places: readonly Place[]; close(): void }) {
  const router = useRouter()
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const asked = text.trim()
  const { data: names = [], isError } = useQuery({ ...namesOptions(asked), enabled: asked !== '' })
  const found = [
    ...places.filter(({ label }) => label.toLowerCase().includes(asked.toLowerCase())).slice(0, SHOWN),
    ...(asked === '' ? [] : names).map(name => ({
      href: repositoryHref(name),
      label: name,
      kind: 'Repository' as const,
    })),
  ]
  const current = Math.min(at, found.length - 1)

  useEffect(() => dialog.current?.showModal(), [])

  function go(place: Place | undefined) {
    if (place === undefined) return
    close()
    leave(() => router.push(place.href))
  }
  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (event.key === 'Enter') go(found[current])
    else if (step !== undefined) setAt((current + step + found.length) % Math.max(1, found.length))
    else return
    event.preventDefault()
  }
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label="Go to"
      className="panel mx-auto mt-[12vh] w-[min(36rem,calc(100vw-2rem))] p-0 text-ink shadow-xl backdrop:bg-black/40"
    >
      <input
        role="combobox"
        aria-label="Page, check or repository"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? `${list}-${current}` : undefined}
        aria-autocomplete="list"
        placeholder="Page, check or repository"
        autoComplete="off"
        value={text}
        onChange={event => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        className="w-full border-b border-hair bg-transparent px-4 py-3 outline-none placeholder:text-ink-3"
      />
      <div id={list} role="listbox" aria-label="Places" className="max-h-[50vh] overflow-y-auto p-1.5">
        {found.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the focus and takes the keys.
          <div
            key={place.href}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => go(place)}
            className="flex cursor-pointer items-baseline justify-between gap-4 rounded-md px-2.5 py-1.5 [overflow-wrap:anywhere] hover:bg-hair aria-selected:bg-brand-soft"
          >
            <ForeignText text={place.label} />
            <span className="text-[0.75rem] text-ink-3">{place.kind}</span>
          </div>
        ))}
      </div>
      <p role="status" className="px-4 pb-3 text-[0.8125rem] text-ink-2 empty:hidden">
        {isError
          ? 'Repositories cannot be looked up just now.'
          : found.length === 0
            ? 'Nothing is called like that.'
            : ''}
      </p>
    </dialog>
  )
}
