'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'

/** A place in the navigation; marks itself as the current one by more than colour. */
export function NavLink({ href, children, count }: { href: string; children: ReactNode; count?: ReactNode }) {
  const path = usePathname()
  const current = href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className="flex justify-between gap-2 rounded-md px-2 py-1.5 text-ink-2 hover:bg-hair aria-[current=page]:bg-brand-soft aria-[current=page]:font-medium aria-[current=page]:text-brand"
    >
      {children}
      {count}
    </Link>
  )
}
