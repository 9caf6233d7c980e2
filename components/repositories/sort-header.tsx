import Link from 'next/link'
import type { ReactNode } from 'react'
import { type RepositoriesQuery, repositoriesHref } from '#lib/api/repositories.ts'

type Props = {
  query: RepositoriesQuery
  sort: RepositoriesQuery['sort']
  first: 'asc' | 'desc'
  className: string
  children: ReactNode
}

/** A column's name, which sorts by it; a second time, the other way round. `first` is the order of more use. */
export function SortHeader({ query, sort, first, className, children }: Props) {
  const current = query.sort === sort
  const other = query.order === 'asc' ? 'desc' : 'asc'
  const order = current ? other : first
  const ariaSort = current ? (query.order === 'asc' ? 'ascending' : 'descending') : undefined
  return (
    <th scope="col" aria-sort={ariaSort} className={`py-2 font-medium ${className}`}>
      <Link
        href={repositoriesHref({ ...query, sort, order, page: 1 })}
        scroll={false}
        className={`whitespace-nowrap underline-offset-3 hover:underline ${current ? 'text-ink' : ''}`}
      >
        {children}
        <span aria-hidden="true">{current ? (query.order === 'asc' ? ' ↑' : ' ↓') : ''}</span>
      </Link>
    </th>
  )
}
