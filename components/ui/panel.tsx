import type { ReactNode } from 'react'

/** A titled surface. `aside` stands at the right of the title: a link, a legend, a date. */
export function Panel({
  id,
  title,
  aside,
  children,
}: {
  id?: string
  title: ReactNode
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <section id={id} className="panel min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-hair px-4 py-3 sm:px-5">
        <h2 className="text-[0.875rem] font-semibold">{title}</h2>
        {aside && <div className="text-[0.8125rem] text-ink-3">{aside}</div>}
      </div>
      {children}
    </section>
  )
}
