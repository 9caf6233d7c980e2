import Link from 'next/link'

const DAY_MS = 24 * 3600 * 1000
const DAYS = [7, 30, 90]

/** What everything on the `page` is compared with: a day that stands in its address. */
export function Since({ page, since, now }: { page: '/' | '/report'; since: Date; now: Date }) {
  const day = dayOf(since)
  return (
    <form action={page} className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-ink-2">
      {DAYS.map(days => {
        const value = dayOf(new Date(now.getTime() - days * DAY_MS))
        return (
          <Link
            key={days}
            href={`${page}?since=${value}`}
            aria-current={value === day ? 'true' : undefined}
            className="rounded-md px-1.5 py-1 hover:bg-hair aria-[current=true]:bg-brand-soft aria-[current=true]:font-medium aria-[current=true]:text-brand"
          >
            {days} days
          </Link>
        )
      })}
      <label className="flex items-center gap-2">
        since
        <input
          key={day}
          type="date"
          name="since"
          defaultValue={day}
          max={dayOf(now)}
          className="h-7 rounded-md border border-line bg-panel px-1.5 text-ink"
        />
      </label>
      <button type="submit" className="control">
        Compare
      </button>
    </form>
  )
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
