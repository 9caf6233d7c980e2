import Link from 'next/link'
import { Choice, type Option } from '#components/repositories/choice.tsx'
import { type Range, type TrendsQuery, trendsHref } from '#lib/api/trends.ts'

type Props = { query: TrendsQuery; range: Range; subjects: readonly Option[]; teams: readonly string[]; now: Date }

const DAY_MS = 24 * 3600 * 1000
const SPANS = [
  { days: 30, title: '30 days' },
  { days: 91, title: '3 months' },
  { days: 365, title: 'a year' },
]

/** Whose trend, of what and over which time: a form of GET, so that every trend has an address. */
export function Asking({ query, range, subjects, teams, now }: Props) {
  return (
    <form action="/trends" className="mb-4 flex flex-wrap items-end gap-2">
      <Choice name="of" label="Of" any="the score" value={subjectOf(query)} options={subjects} />
      {teams.length > 0 && (
        <Choice
          name="team"
          label="Team"
          any="everybody"
          value={query.team}
          options={teams.map(value => ({ value, label: value }))}
        />
      )}
      <Day name="from" label="From" value={range.from} />
      <Day name="to" label="To" value={range.to} />
      <button type="submit" className="control h-8!">
        Show
      </button>
      <span className="flex flex-wrap gap-x-3 pb-1.5 text-[0.8125rem]">
        {SPANS.map(({ days, title }) => (
          <Link
            key={days}
            href={trendsHref({ ...query, to: undefined, from: dayOf(new Date(now.getTime() - days * DAY_MS)) })}
            className="link"
          >
            {title}
          </Link>
        ))}
      </span>
    </form>
  )
}

function Day({ name, label, value }: { name: string; label: string; value: Date }) {
  const day = dayOf(value)
  return (
    <label className="text-[0.75rem] text-ink-2">
      {label}
      <input
        key={day}
        type="date"
        name={name}
        defaultValue={day}
        className="mt-0.5 block h-8 rounded-md border border-line bg-page px-1.5 text-[0.8125rem] text-ink"
      />
    </label>
  )
}

function subjectOf({ item, check }: TrendsQuery): string | undefined {
  if (check) return `check:${check}`
  return item ? `item:${item}` : undefined
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
