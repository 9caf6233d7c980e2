import Link from 'next/link'
import { ENDING_DAYS, WAIVER_LISTS, type WaiverList, type Waivers, waiversHref } from '#lib/api/waivers.ts'

const TITLES: Record<WaiverList, string> = {
  asked: 'To decide',
  'in-force': 'In force',
  ending: `Ending in ${ENDING_DAYS} days`,
  over: 'Over',
  all: 'All',
}

/** The parts of the list, each with its number. */
export function Lists({
  counts,
  list,
  repository,
}: Pick<Waivers, 'counts' | 'list'> & { repository: string | undefined }) {
  return (
    <nav aria-label="Parts of the list" className="mb-4 border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-5">
        {WAIVER_LISTS.map(one => (
          <li key={one}>
            <Link
              href={waiversHref({ list: one, ...(repository && { repository }) })}
              aria-current={one === list ? 'page' : undefined}
              className="block border-b-2 border-transparent py-1.5 text-ink-2 hover:text-ink aria-[current=page]:border-brand aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {TITLES[one]} <span className="text-ink-3">{counts[one].toLocaleString('en')}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
