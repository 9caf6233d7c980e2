'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { BEAT_MS, EVENTS_PATH, type Marks, marks, setTold, TOPICS } from '#lib/api/events.ts'

/** Without a word for so long the stream is cut or kept back by something in between. */
const SILENT_MS = 2.5 * BEAT_MS
const COME_BACK_MS = 60_000

/**
 * Has this tab told what changes, so that its questions are asked when there is another answer and not by the clock. One
 * stream a tab, and none while nobody looks at it. Where it fails the questions ask by themselves, as without it.
 */
export function useTold(): void {
  const client = useQueryClient()
  useEffect(() => listening(client), [client])
}

function listening(client: QueryClient): () => void {
  let source: EventSource | null = null
  let known: Marks | null = null
  let silence: ReturnType<typeof setTimeout> | undefined
  let comeBack: ReturnType<typeof setTimeout> | undefined

  function ask(topics: readonly (keyof Marks)[]): void {
    for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] })
  }
  /** What was answered by the clock until now goes on being asked by it from the next answer on. */
  function fall(): void {
    setTold(false)
    ask(TOPICS)
  }
  function close(): void {
    clearTimeout(silence)
    clearTimeout(comeBack)
    source?.close()
    source = null
    setTold(false)
  }
  function giveUp(): void {
    close()
    fall()
    comeBack = setTimeout(open, COME_BACK_MS)
  }
  function alive(): void {
    clearTimeout(silence)
    silence = setTimeout(giveUp, SILENT_MS)
  }
  function open(): void {
    close()
    const opened = new EventSource(EVENTS_PATH)
    source = opened
    alive()
    opened.onmessage = ({ data }) => {
      alive()
      setTold(true)
      const told = marks.parse(JSON.parse(String(data)))
      ask(TOPICS.filter(topic => told[topic] !== known?.[topic]))
      known = told
    }
    opened.addEventListener('beat', alive)
    opened.onerror = () => {
      // Refused, or no stream at all: the browser does not come back by itself.
      if (opened.readyState === EventSource.CLOSED) giveUp()
      else fall()
    }
  }
  function follow(): void {
    if (document.visibilityState === 'visible') open()
    else close()
  }
  follow()
  document.addEventListener('visibilitychange', follow)
  return () => {
    document.removeEventListener('visibilitychange', follow)
    close()
  }
}
