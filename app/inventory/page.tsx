import type { Metadata } from 'next'
import Link from 'next/link'
import { NothingYet } from '#components/crawls/nothing-yet.tsx'
import { InUseTable } from '#components/inventory/in-use-table.tsx'
import { PlacesTable } from '#components/inventory/places-table.tsx'
import { InventorySearch } from '#components/inventory/search.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Paging } from '#components/ui/paging.tsx'
import type { Place } from '#lib/api/frame.ts'
import { INVENTORY_PAGE, type InventoryQuery, inventoryHref, inventoryQuery, turnedHref } from '#lib/api/inventory.ts'
import { partOf, searchActions, searchPackages } from '#lib/store/pages/inventory.ts'
import { MOST_COUNTED, usersOfAction, usersOfPackage, usesPartOf } from '#lib/store/pages/uses.ts'
import { currentPlace, read } from '../reading.ts'

export const metadata: Metadata = { title: 'Inventory' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** Who uses what: asked on the day that a package or an action turns out to be bad. */
export default async function InventoryPage({ searchParams }: Props) {
  const query = inventoryQuery.parse(await searchParams)
  const shown = await currentPlace()
  if (shown === null) {
    return (
      <NothingYet page="Inventory" title="Nothing has been crawled yet">
        The first crawl reads what the repositories use.
      </NothingYet>
    )
  }
  return query.of ? <Places of={query.of} query={query} shown={shown} /> : <List query={query} shown={shown} />
}

async function List({ query, shown }: { query: InventoryQuery; shown: Place }) {
  const part = partOf(query)
  const first = part.after === undefined && part.upTo === undefined
  const page = first ? 1 : query.page
  const { rows, next, previous } = await read(db =>
    query.kind === 'packages'
      ? searchPackages(db, shown.scope, query, part)
      : searchActions(db, shown.scope, query, part),
  )
  return (
    <>
      <PageTitle title="Inventory">
        Every package that a lockfile or requirements file names and every action that a workflow calls, as last
        crawled.
      </PageTitle>
      <section aria-label="What is in use" className="panel">
        <InventorySearch query={query} action="/inventory" />
        {rows.length === 0 && !query.q && !query.ecosystem && first ? (
          <Empty title={`No ${query.kind} are in use`}>
            As far as the repositories could be read:{' '}
            <Link href="/crawls" className="link">
              what could not be
            </Link>
            .
          </Empty>
        ) : rows.length === 0 ? (
          <Empty title="Nothing in use is called like that">
            <Link href={inventoryHref({ kind: query.kind })} className="link">
              Show all of them
            </Link>
          </Empty>
        ) : (
          <InUseTable rows={rows} query={query} />
        )}
        <Paging
          page={page}
          size={INVENTORY_PAGE}
          more={next !== null}
          href={to => turnedHref({ ...query, page }, { next, previous }, to)}
        />
      </section>
    </>
  )
}

async function Places({ of, query, shown }: { of: string; query: InventoryQuery; shown: Place }) {
  const part = usesPartOf(query)
  const page = part.after === undefined && part.upTo === undefined ? 1 : query.page
  const { rows, next, previous, total } = await read(db =>
    query.kind === 'packages' ? usersOfPackage(db, shown.scope, of, part) : usersOfAction(db, shown.scope, of, part),
  )
  return (
    <>
      <PageTitle title={<ForeignText text={of} />}>
        <span role="status">{placesWords(total)}</span>
        {' · '}
        <Link href={inventoryHref({ kind: query.kind })} className="link">
          All {query.kind}
        </Link>
      </PageTitle>
      <section aria-label="Where it is used" className="panel">
        {rows.length === 0 ? (
          <Empty title="No repository uses it">As far as their files could be read.</Empty>
        ) : (
          <PlacesTable rows={rows} kind={query.kind} at={shown} />
        )}
        <Paging
          page={page}
          size={INVENTORY_PAGE}
          {...(total === null ? { more: next !== null } : { total })}
          href={to => turnedHref({ ...query, page }, { next, previous }, to)}
        />
      </section>
    </>
  )
}

function placesWords(total: number | null): string {
  if (total === null) return `More than ${MOST_COUNTED.toLocaleString('en')} places name it`
  return total === 1 ? 'One place names it' : `${total.toLocaleString('en')} places name it`
}
