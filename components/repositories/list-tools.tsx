import Link from 'next/link'
import { exportsHref } from '#lib/api/exports.ts'
import { columnsOf, LIST_COLUMNS, type RepositoriesQuery, repositoriesHref } from '#lib/api/repositories.ts'
import { SavedViews } from './saved-views.tsx'

/** What belongs to the list as a whole: whether it is the reader's own (`mine`: whether there are any), its columns, the reader's own views of it, and the way out as a file. */
export function ListTools({ query, mine }: { query: RepositoriesQuery; mine: boolean }) {
  return (
    <div className="flex flex-wrap items-start gap-2">
      {mine && (
        <Link
          href={repositoriesHref({ ...query, page: 1, mine: query.mine ? undefined : 'yes' })}
          aria-current={query.mine ? 'true' : undefined}
          className="control aria-[current=true]:border-brand aria-[current=true]:bg-brand-soft aria-[current=true]:text-brand"
        >
          My repositories
        </Link>
      )}
      <SavedViews current={repositoriesHref({ ...query, page: 1 })} />
      <Columns query={query} />
      <Link href={exportsHref(query)} className="control">
        Export
      </Link>
    </div>
  )
}

/** Links, not boxes: which columns are shown stands in the address like every other choice. */
function Columns({ query }: { query: RepositoriesQuery }) {
  const shown = columnsOf(query)
  return (
    <details name="list-tools" className="relative">
      <summary className="control list-none">Columns</summary>
      <ul className="panel absolute right-0 z-10 mt-1 w-44 p-1.5 text-[0.8125rem] shadow-lg max-sm:left-0">
        {LIST_COLUMNS.map(({ id, title }) => {
          const on = shown.includes(id)
          const next = LIST_COLUMNS.filter(column => (column.id === id ? !on : shown.includes(column.id)))
          const columns = next.map(column => column.id).join(',') || 'none'
          return (
            <li key={id}>
              <Link
                href={repositoriesHref({ ...query, columns })}
                scroll={false}
                aria-current={on ? 'true' : undefined}
                className="flex gap-2 rounded px-2 py-1 hover:bg-hair"
              >
                <span aria-hidden="true" className="w-3 text-brand">
                  {on ? '✓' : ''}
                </span>
                {title}
              </Link>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
