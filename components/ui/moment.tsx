'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => {}
const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const

/**
 * A point in time: how long ago, or its day, or its `clock` as in 14:35, in the reader's zone; the exact time stands in the
 * tooltip.
 * `now` comes from the server, so that both sides render the same words.
 */
export function Moment({ at, now, as = 'ago' }: { at: Date; now: Date; as?: 'ago' | 'day' | 'clock' }) {
  // The server does not know the reader's zone: until the page runs in the browser the time is told in UTC.
  const zone = useSyncExternalStore(
    never,
    () => undefined,
    () => 'UTC',
  )
  const exact = at.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long', ...(zone && { timeZone: zone }) })
  const sameYear = at.getUTCFullYear() === now.getUTCFullYear()
  const day = at.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    ...(zone && { timeZone: zone }),
  })
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(zone && { timeZone: zone }) })
  return (
    <time suppressHydrationWarning dateTime={at.toISOString()} title={exact} className="whitespace-nowrap">
      {as === 'day' ? day : as === 'clock' ? clock : ago(at, now)}
    </time>
  )
}

function ago(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  for (const [unit, length] of UNITS) {
    const count = Math.floor(Math.abs(seconds) / length)
    if (count === 0) continue
    const words = `${count} ${unit === 'minute' ? 'min' : unit === 'hour' ? 'h' : count === 1 ? unit : `${unit}s`}`
    return seconds > 0 ? `${words} ago` : `in ${words}`
  }
  return 'just now'
}
