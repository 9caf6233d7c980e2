'use client'

import { ProgressBar } from '@heroui/react/progress-bar'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type CrawlRun, type Progress, progressOptions } from '#lib/api/crawls.ts'
import { useTold } from './told.ts'

const REFRESH_MS = 2_500
const YEAR_MS = 365 * 24 * 3600 * 1000
const KINDS: Record<string, string> = {
  first: 'First crawl',
  sweep: 'Crawl of everything',
  poll: 'Looking for changes',
  replay: 'Replaying twelve months of the demo',
}

/**
 * Shows the crawl that is running, and has the server render the page again when there is more to show, so that the
 * page fills by itself. `initial` is what the server saw; `instead` stands there until there is something newer.
 */
export function LiveProgress({ initial, instead }: { initial: Progress; instead: ReactNode }) {
  useTold()
  const { data, isError, isPaused } = useQuery({ ...progressOptions, initialData: initial })
  useRefreshOn(data.mark, initial.mark)
  const path = usePathname()
  const { run, scanned } = data
  if (isError || isPaused) {
    return (
      <p role="status" className="border-line border-b bg-fail-soft px-4 py-1.5 text-[0.8125rem] text-fail sm:px-8">
        {isPaused ? 'You are offline' : 'The server does not answer'}; what you see may be old. This page asks again by
        itself.
      </p>
    )
  }
  if (instead && data.mark === initial.mark) return instead
  if (run === null || !isUnderWay(run)) return null
  const title = KINDS[run.kind] ?? 'Crawl'
  const { value, total, words } = positionOf(run)
  return (
    <section
      aria-label="Crawl in progress"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2 text-[0.8125rem] sm:px-8"
    >
      <span className="font-medium">{title}</span>
      <ProgressBar
        aria-label={title}
        value={value}
        maxValue={Math.max(total, value, 1)}
        isIndeterminate={total === 0}
        className="w-full gap-0 sm:w-56"
        size="sm"
      >
        <ProgressBar.Track className="bg-hair">
          <ProgressBar.Fill className="bg-brand" />
        </ProgressBar.Track>
      </ProgressBar>
      <span className="text-ink-2">
        {words} · {scanned.toLocaleString('en')} judged
      </span>
      {path !== '/crawls' && (
        <Link href="/crawls" className="link">
          Watch it
        </Link>
      )}
    </section>
  )
}

/** A replay is many short runs: between two of them it is still under way, until a crawl of the present follows. */
function isUnderWay(run: CrawlRun): boolean {
  return run.state === 'running' || (run.kind === 'replay' && run.state === 'done')
}

function positionOf(run: CrawlRun): { value: number; total: number; words: string } {
  if (run.kind !== 'replay') {
    return {
      value: run.done,
      total: run.total,
      words:
        run.total === 0
          ? 'listing the repositories'
          : `${run.done.toLocaleString('en')} of ${run.total.toLocaleString('en')} repositories`,
    }
  }
  const at = new Date(run.startedAt)
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  // The history ends now, so that how far it has come is told by the date alone.
  const passed = Math.max(0, YEAR_MS - (Date.now() - at.getTime()))
  return { value: Math.round((passed / YEAR_MS) * 100), total: 100, words: `now at ${day}` }
}

/** Renders the page again when the mark changes, at most every few seconds and always for the last change. */
function useRefreshOn(mark: string, first: string) {
  const router = useRouter()
  const [shown, setShown] = useState(first)
  const last = useRef(0)
  useEffect(() => {
    if (mark === shown) return
    const wait = Math.max(0, last.current + REFRESH_MS - Date.now())
    const timer = setTimeout(() => {
      last.current = Date.now()
      setShown(mark)
      router.refresh()
    }, wait)
    return () => clearTimeout(timer)
  }, [mark, shown, router])
}
