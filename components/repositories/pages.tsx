import Link from 'next/link'
import { PAGE_SIZE, type RepositoriesQuery, repositoriesHref } from '#lib/api/repositories.ts'

/** Where one is in a long list, and the way on. Nothing where everything fits. */
export function Pages({ query, total }: { query: RepositoriesQuery; total: number }) {
  const last = Math.ceil(total / PAGE_SIZE)
  if (last <= 1) return null
  const from = (query.page - 1) * PAGE_SIZE + 1
  const to = Math.min(total, query.page * PAGE_SIZE)
  return (
    <nav
      aria-label="Pages of the list"
      className="flex items-center justify-between gap-4 border-t border-hair px-4 py-3 text-[0.8125rem] sm:px-5"
    >
      <span className="text-ink-2">
        {from}–{to} of {total.toLocaleString('en')}
      </span>
      <span className="flex gap-2">
        <Step
          href={query.page > 1 ? repositoriesHref({ ...query, page: query.page - 1 }) : null}
          rel="prev"
          label="Previous"
        />
        <Step
          href={query.page < last ? repositoriesHref({ ...query, page: query.page + 1 }) : null}
          rel="next"
          label="Next"
        />
      </span>
    </nav>
  )
}

function Step({ href, rel, label }: { href: string | null; rel: string; label: string }) {
  const shape = 'rounded-md border border-line px-3 py-1'
  if (href === null) {
    return (
      <span aria-disabled="true" className={`${shape} text-ink-3 opacity-60`}>
        {label}
      </span>
    )
  }
  return (
    <Link href={href} rel={rel} className={`${shape} font-medium hover:bg-hair`}>
      {label}
    </Link>
  )
}
