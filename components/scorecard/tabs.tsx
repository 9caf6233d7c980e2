import Link from 'next/link'
import { repositoryHref } from '#lib/api/repositories.ts'

const TABS = [
  { id: '', title: 'Scorecard' },
  { id: '/remediation', title: 'To do' },
  { id: '/changes', title: 'What changed' },
  { id: '/inventory', title: 'Inventory' },
] as const

/** The pages of one repository. */
export function Tabs({ name, current }: { name: string; current: (typeof TABS)[number]['id'] }) {
  return (
    <nav aria-label={`Pages of ${name}`} className="mb-6 border-b border-line print:hidden">
      <ul className="-mb-px flex flex-wrap gap-x-5">
        {TABS.map(({ id, title }) => (
          <li key={id}>
            <Link
              href={`${repositoryHref(name)}${id}`}
              aria-current={id === current ? 'page' : undefined}
              className="block border-b-2 border-transparent py-1.5 text-ink-2 hover:text-ink aria-[current=page]:border-brand aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
