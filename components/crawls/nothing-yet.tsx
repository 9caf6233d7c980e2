import Link from 'next/link'
import type { ReactNode } from 'react'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'

/** A whole page before the first crawl: its name, what it has not yet, what brings it, and the way to see that come. */
export function NothingYet({ page, title, children }: { page: string; title: string; children: ReactNode }) {
  return (
    <>
      <PageTitle title={page} />
      <section className="panel">
        <Empty title={title}>
          {children}{' '}
          <Link href="/crawls" className="link">
            See how it goes
          </Link>
        </Empty>
      </section>
    </>
  )
}
