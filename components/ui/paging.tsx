import Link from 'next/link'

/** The page one is on, from 1; `total` rows in all, or where nobody counted only whether there is `more`. */
type Props = { page: number; size: number; href(page: number): string } & ({ total: number } | { more: boolean })

/** Where one is in a long list, and the way on. Nothing where everything fits. */
export function Paging({ page, size, href, ...length }: Props) {
  const total = 'total' in length ? length.total : null
  const more = 'more' in length ? length.more : page * size < length.total
  if (page === 1 && !more) return null
  const from = (page - 1) * size + 1
  return (
    <nav
      aria-label="Pages of the list"
      className="flex items-center justify-between gap-4 border-t border-hair px-4 py-3 text-[0.8125rem] sm:px-5"
    >
      <span className="text-ink-2">
        {total === null
          ? `Page ${page.toLocaleString('en')}`
          : `${from.toLocaleString('en')}–${Math.min(total, page * size).toLocaleString('en')} of ${total.toLocaleString('en')}`}
      </span>
      <span className="flex gap-2">
        <Step href={page > 1 ? href(page - 1) : null} rel="prev" label="Previous" />
        <Step href={more ? href(page + 1) : null} rel="next" label="Next" />
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
