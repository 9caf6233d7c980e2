import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PlacesTable } from '#components/inventory/places-table.tsx'
import { InventorySearch } from '#components/inventory/search.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Tabs } from '#components/scorecard/tabs.tsx'
import { Titled } from '#components/scorecard/titled.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Paging } from '#components/ui/paging.tsx'
import { INVENTORY_PAGE, inventoryHref, inventoryQuery } from '#lib/api/inventory.ts'
import { repositoryHref } from '#lib/api/repositories.ts'
import { readRepositoryInventory } from '#lib/store/pages/inventory.ts'
import { currentPlace, read } from '../../../reading.ts'

type Props = {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).name)}: inventory` }
}

export default async function RepositoryInventoryPage({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name)
  const query = inventoryQuery.parse(await searchParams)
  const shown = await currentPlace()
  const held = shown && (await read(db => readRepositoryInventory(db, shown.scope, name, query)))
  if (!shown || !held) notFound()
  const path = `${repositoryHref(held.name)}/inventory`
  return (
    <>
      <PageTitle title={<Titled name={held.name}>inventory</Titled>}>
        <span role="status">
          {held.total.toLocaleString('en')}{' '}
          {query.kind === 'packages' ? 'locked or required packages' : 'calls of actions'}
        </span>
      </PageTitle>
      <Tabs name={held.name} current="/inventory" />
      <section aria-label="What it uses" className="panel">
        <InventorySearch query={query} action={path} within />
        {held.rows.length === 0 ? (
          <Empty title="Its files name none">As far as they could be read.</Empty>
        ) : (
          <PlacesTable
            rows={held.rows.map(row => ({ ...row, commit: held.commit }))}
            kind={query.kind}
            at={{ webUrl: shown.webUrl, org: shown.org, name: held.name }}
          />
        )}
        <Paging
          page={query.page}
          size={INVENTORY_PAGE}
          total={held.total}
          href={page => inventoryHref({ ...query, page }, path)}
        />
      </section>
    </>
  )
}
