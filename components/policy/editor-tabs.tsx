'use client'

import type { KeyboardEvent, ReactNode } from 'react'

const VIEWS = [
  { id: 'form', title: 'Form' },
  { id: 'yaml', title: 'YAML' },
] as const
export type EditorView = (typeof VIEWS)[number]['id']

/** Two views of one draft. The arrows go from one to the other, as in every row of tabs. */
export function EditorTabs({
  view,
  onSee,
  children,
}: {
  view: EditorView
  onSee(view: EditorView): void
  children: ReactNode
}) {
  function onKeyDown(event: KeyboardEvent) {
    const at = VIEWS.findIndex(({ id }) => id === view)
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: VIEWS.length - 1 }[event.key]
    const next = to === undefined ? undefined : VIEWS.at(to % VIEWS.length)
    if (next === undefined) return
    event.preventDefault()
    onSee(next.id)
    document.getElementById(`policy-tab-${next.id}`)?.focus()
  }
  return (
    <div className="min-w-0">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-5 gap-y-1 border-b border-line">
        <div role="tablist" aria-label="How to edit it" className="-mb-px flex gap-x-5">
          {VIEWS.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`policy-tab-${id}`}
              aria-selected={id === view}
              aria-controls="policy-tab-panel"
              tabIndex={id === view ? 0 : -1}
              onClick={() => onSee(id)}
              onKeyDown={onKeyDown}
              className="border-b-2 border-transparent py-1.5 text-ink-2 hover:text-ink aria-selected:border-brand aria-selected:font-medium aria-selected:text-ink"
            >
              {title}
            </button>
          ))}
        </div>
        <p className="pb-1.5 text-[0.75rem] text-ink-3">
          Both edit the same text. The form keeps its comments, and makes its spacing even.
        </p>
      </div>
      <div role="tabpanel" id="policy-tab-panel" aria-labelledby={`policy-tab-${view}`}>
        {children}
      </div>
    </div>
  )
}
