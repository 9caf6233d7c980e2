import type { Metadata } from 'next'
import Link from 'next/link'
import { PageTitle } from '#components/layout/page-title.tsx'
import { League } from '#components/owners/league.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { OWNER_DAYS, type OwnerRow, type OwnersQuery, ownedHref, ownersHref, ownersQuery } from '#lib/api/owners.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { readOwners } from '#lib/store/pages/owners.ts'
import { ownNamesOf } from '../owning.ts'
import { currentPlace, read } from '../reading.ts'

export const metadata: Metadata = { title: 'Owners' }

const DAY_MS = 86_400_000

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function OwnersPage({ searchParams }: Props) {
  const query = ownersQuery.parse(await searchParams)
  const shown = await currentPlace()
  const since = new Date(Date.now() - query.days * DAY_MS)
  const [{ rows, unowned }, own] = await read(async (db, viewer) =>
    shown === null
      ? [{ rows: [], unowned: 0 }, null]
      : Promise.all([readOwners(db, shown.scope, since), ownNamesOf(db, viewer, shown.scope.orgId)]),
  )
  return (
    <>
      <PageTitle title="Owners" aside={<Days query={query} />}>
        Who answers for which repositories, by the teams that may write to them, by CODEOWNERS and by custom properties
        such as <code>owner</code> or <code>team</code>. A repository of two owners counts for both.
        {unowned > 0 && (
          <>
            {' '}
            Nobody answers for{' '}
            <Link href={ownedHref(null)} className="link">
              {unowned.toLocaleString('en')} {unowned === 1 ? 'repository' : 'repositories'}
            </Link>
            .
          </>
        )}
      </PageTitle>
      {own !== null && (
        <p className="mb-4">
          <Link href={repositoriesHref({ mine: 'yes' })} className="control">
            My repositories
          </Link>
        </p>
      )}
      <section aria-label="Owners" className="panel">
        {rows.length === 0 ? (
          <Empty title="No owner is known yet">
            A team with the right to write, a CODEOWNERS file with a rule for everything, or a custom property named{' '}
            <code>owner</code> or <code>team</code> makes one. Teams need the permission <em>Members: read</em>;{' '}
            <Link href="/crawls" className="link">
              see what the token may ask
            </Link>
            .
          </Empty>
        ) : (
          <League rows={[...rows].sort(ORDERS[query.sort])} query={query} own={own ?? []} />
        )}
      </section>
    </>
  )
}

const LAST = Number.NEGATIVE_INFINITY

/** The rows come by name; equal ones stay in that order. */
const ORDERS: Record<OwnersQuery['sort'], (a: OwnerRow, b: OwnerRow) => number> = {
  change: (a, b) => (b.change ?? LAST) - (a.change ?? LAST) || 0,
  findings: (a, b) => b.findings - a.findings,
  score: (a, b) => (b.score ?? LAST) - (a.score ?? LAST) || 0,
  name: () => 0,
}

function Days({ query }: { query: OwnersQuery }) {
  return (
    <nav aria-label="Compared with" className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-ink-2">
      {OWNER_DAYS.map(days => (
        <Link
          key={days}
          href={ownersHref({ ...query, days })}
          aria-current={days === query.days ? 'true' : undefined}
          className="rounded-md px-1.5 py-1 hover:bg-hair aria-[current=true]:bg-brand-soft aria-[current=true]:font-medium aria-[current=true]:text-brand"
        >
          {days === 365 ? 'a year' : `${days} days`}
        </Link>
      ))}
    </nav>
  )
}
