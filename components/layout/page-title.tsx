import type { ReactNode } from 'react'

/** The page's name, what it is about in a line, and at the right what belongs to the whole page. */
export function PageTitle({ title, children, aside }: { title: ReactNode; children?: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-[1.3125rem] leading-tight font-semibold tracking-tight [overflow-wrap:anywhere]">
          {title}
        </h1>
        {children && <div className="mt-1 max-w-[72ch] text-ink-2">{children}</div>}
      </div>
      {aside}
    </div>
  )
}
