import type { ReactNode } from 'react'

/** What stands where a list has nothing: why, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="px-5 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-prose text-ink-2">{children}</div>}
    </div>
  )
}
