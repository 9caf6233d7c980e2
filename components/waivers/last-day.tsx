import { lastDayOf } from '#lib/api/waivers.ts'

/** The last day of a waiver. A day of the calendar, the same in every zone. */
export function LastDay({ until }: { until: Date }) {
  const day = lastDayOf(until)
  const words = new Date(day).toLocaleDateString('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
  })
  return (
    <time dateTime={day} title="to the end of that day in UTC" className="whitespace-nowrap">
      {words}
    </time>
  )
}
