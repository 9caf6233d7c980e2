'use client'

import { ProgressBar } from '@heroui/react/progress-bar'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { type Progress, progressOptions } from '#lib/api/crawls.ts'

const REFRESH_MS = 2_500
const KINDS: Record<string, string> = {
  first: 'First crawl',
  sweep: 'Crawl of everything',
  poll: 'Looking for changes',
  replay: 'Replaying twelve months of the demo',
}

/**
 * Shows the crawl that is running, and has the server render the page again when there is more to show, so that the
 * page fills by itself. `initial` is what the server saw.
 */
export function LiveProgress({ initial }: { initial: Progress }) {
  const { data, isError } = useQuery({ ...progressOptions, initialData: initial })
  useRefreshOn(data.mark, initial.mark)
  const path = usePathname()
  const { run, scanned } = data
  if (isError) {
    return (
      <p role="status" className="border-line border-b bg-fail-soft px-4 py-1.5 text-[0.8125rem] text-fail sm:px-8">
        The server does not answer; what you see may be old. This page asks again by itself.
      </p>
    )
  }
  if (run?.state !== 'running') return null
  const title = KINDS[run.kind] ?? 'Crawl'
  return (
    <section
      aria-label="Crawl in progress"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-4 py-2 text-[0.8125rem] sm:px-8"
    >
      <span className="font-medium">{title}</span>
      <ProgressBar
        aria-label={title}
        value={run.done}
        maxValue={Math.max(run.total, run.done, 1)}
        isIndeterminate={run.total === 0}
        className="w-full gap-0 sm:w-56"
        size="sm"
      >
        <ProgressBar.Track className="bg-hair">
          <ProgressBar.Fill className="bg-brand" />
        </ProgressBar.Track>
      </ProgressBar>
      <span className="text-ink-2">
        {run.done} of {run.total === 0 ? '…' : run.total} repositories · {scanned} judged
      </span>
      {path !== '/crawls' && (
        <Link href="/crawls" className="link">
          Watch it
        </Link>
      )}
    </section>
  )
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
