import Link from 'next/link'
import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'
import { MAIN_PLACES } from './main-places.ts'
import { NavLink } from './nav-link.tsx'
import { SearchBox } from './search-box.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

type Slots = {
  banner: ReactNode
  status: ReactNode
  /** What stands beside a place's name in the navigation, by its address. */
  counts: Readonly<Record<string, ReactNode>>
  palette: ReactNode
  account: ReactNode
  children: ReactNode
}

/** The frame of every page: where one is, whose repositories these are, and how fresh what one sees is. */
export function Shell({ banner, status, counts, palette, account, children }: Slots) {
  return (
    <>
      <a
        href="#content"
        className="absolute top-2 left-2 z-10 -translate-y-16 rounded-md bg-panel px-3 py-2 font-medium text-brand focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="print:hidden">{banner}</div>
      <div className="min-h-screen lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] print:block">
        <nav
          aria-label="Main"
          className="border-line border-b px-4 py-3 lg:border-r lg:border-b-0 lg:px-3 lg:py-4 print:hidden"
        >
          <div className="flex flex-wrap items-center justify-between gap-2 lg:sticky lg:top-4 lg:flex-col lg:items-stretch">
            <Link href="/" className="rounded-md px-2 py-1 lg:mb-3" aria-label="Plumbline, to the overview">
              <Brand />
            </Link>
            <div className="lg:order-last lg:mt-6 lg:px-2">
              <ThemeSwitch />
            </div>
            <div className="flex w-full flex-wrap gap-x-1 lg:flex-col lg:gap-0.5">
              {MAIN_PLACES.map(({ href, label }) => (
                <NavLink key={href} href={href} count={counts[href]}>
                  {label}
                </NavLink>
              ))}
            </div>
          </div>
        </nav>
        <div className="min-w-0">
          <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line border-b px-4 py-3 sm:px-8 print:hidden">
            {status}
            <div className="flex flex-wrap items-center gap-3">
              <SearchBox />
              {palette}
              {account}
            </div>
          </header>
          {/* A layer of its own: or each letter that is typed above it would have the whole page painted again. */}
          <main
            id="content"
            tabIndex={-1}
            className="relative isolate mx-auto max-w-[78rem] px-4 min-[2400px]:max-w-[92rem] py-6 outline-none sm:px-8 print:p-0"
          >
            {children}
          </main>
        </div>
      </div>
    </>
  )
}
